#include "data_sets.h"

#include <careplug/plan/fhir.h>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "problem.h"
#include "resource_writer.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

std::string text_of_file(const std::filesystem::path& file) {
    std::ifstream opened(file, std::ios::binary);
    std::ostringstream text;
    text << opened.rdbuf();
    if (!opened) throw StartProblem("The data set " + file.string() + " cannot be read.");
    return text.str();
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    if (error)
        throw StartProblem("The data sets in " + folder.string() +
                           " cannot be read: name the folder that holds them with --datasets.");
    std::sort(files.begin(), files.end());
    return files;
}

// A stable id from the canonical: the last part of the url and the version.
std::string id_of(const plan::DataSet& data_set) {
    const auto start = data_set.url.find_last_of("/:");
    std::string id = start == std::string::npos ? data_set.url : data_set.url.substr(start + 1);
    if (!data_set.version.empty()) id += "-" + data_set.version;
    for (char& letter : id)
        if (!is_resource_id(std::string_view(&letter, 1))) letter = '-';
    return id.substr(0, 64);
}

void keep(Transaction& transaction, const plan::DataSet& data_set, nlohmann::json questionnaire) {
    questionnaire["id"] = id_of(data_set);
    const auto& type = resource_type("Questionnaire");
    put_resource(transaction, type, questionnaire, transaction.read(type.name, id_of(data_set)), "");
}

}  // namespace

DataSets::DataSets(const std::filesystem::path& folder, Store& store) {
    const auto transaction = store.begin();
    for (const auto& file : files_of(folder)) {
        try {
            const auto text = text_of_file(file);
            keep(*transaction, plan::read_data_set(text), plan::fhir::parse(text));
        } catch (const std::invalid_argument& problem) {
            throw StartProblem("The data set " + file.string() + " cannot be used: " + problem.what());
        }
    }
    transaction->commit();
    Search all;
    all.type = "Questionnaire";
    all.count = 10'000;
    for (const auto& version : store.view()->search(all)) {
        auto data_set = plan::read_data_set(version.body);
        auto canonical = data_set.canonical();
        sets_.insert_or_assign(std::move(canonical), std::move(data_set));
    }
}

const plan::DataSet* DataSets::find(const std::string& canonical) const {
    const auto found = sets_.find(canonical);
    return found == sets_.end() ? nullptr : &found->second;
}

bool DataSets::is_contact(const plan::DataSet& data_set) {
    return data_set.url.ends_with("-contact");
}

}  // namespace careplug::exchange
