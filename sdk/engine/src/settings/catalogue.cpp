#include "settings/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "settings/settings.h"

namespace careplug::engine {
namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool ends_with(const std::string& text, std::string_view end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string stem(const std::string& url, std::string_view end) {
    return ends_with(url, end) ? url.substr(0, url.size() - end.size()) : url;
}

}  // namespace

Catalogue::Catalogue(const std::string& folder) {
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    if (failed)
        throw SettingsMistake("The folder of data sets " + folder +
                              " cannot be read: correct \"datasets\" in the settings.");
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        try {
            plan::DataSet set = plan::read_data_set(contents(file));
            sets_.emplace(set.canonical(), std::move(set));
        } catch (const std::invalid_argument& error) {
            throw SettingsMistake("The data set " + file.string() + " cannot be used: " + error.what());
        }
    }
    // The contact form "X-contact" belongs to the plan "X-plan": that plan is the one created here.
    for (const auto& [canonical, set] : sets_)
        if (ends_with(set.url, "-contact")) contact_ = &set;
    for (const auto& [canonical, set] : sets_)
        if (contact_ && stem(set.url, "-plan") + "-contact" == contact_->url) main_ = &set;
    if (!contact_ || !main_)
        throw SettingsMistake(
            "The folder " + folder +
            " lacks the urgent care plan or its contact form: correct \"datasets\" in the settings.");
}

const plan::DataSet* Catalogue::find(const std::string& canonical) const {
    const auto found = sets_.find(canonical);
    return found == sets_.end() ? nullptr : &found->second;
}

const plan::DataSet* Catalogue::of_kind(const std::string& system, const std::string& code) const {
    if (main_->plan_type.system == system && main_->plan_type.code == code) return main_;
    for (const auto& [canonical, set] : sets_)
        if (&set != contact_ && set.plan_type.system == system && set.plan_type.code == code) return &set;
    return nullptr;
}

}  // namespace careplug::engine
