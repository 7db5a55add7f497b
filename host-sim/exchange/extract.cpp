#include "extract.h"

#include <careplug/plan/fhir.h>
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "data_sets.h"
#include "problem.h"
#include "search_index.h"
#include "sqlite_store.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

constexpr std::size_t at_once = 500;
constexpr int fewest = 5;  // a smaller threshold is no threshold

int number_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < fewest || number > 1000)
        throw StartProblem(
            "--smallest takes a number from 5 to 1000: fewer persons in a cell would tell who they "
            "are.");
    return number;
}

bool consent_stands(View& view, const plan::Plan& header) {
    if (header.consent_id.empty()) return false;
    const auto consent = view.read("Consent", header.consent_id);
    return consent && text_of(json::parse(consent->body), "status") == "active";
}

// Whose whereabouts are protected is in no count, and neither is who cannot be told apart from another.
bool is_open(View& view, const plan::Plan& header) {
    const auto slash = header.patient_reference.find('/');
    if (slash == std::string::npos) return false;
    const auto patient = view.read("Patient", header.patient_reference.substr(slash + 1));
    if (!patient) return false;
    const auto resource = json::parse(patient->body);
    for (const json* label : elements_at(resource, "meta.security"))
        if (text_of(*label, "code") == "R") return false;
    return true;
}

void count_all(View& view, const DataSets& data_sets, const std::string& url, plan::Extract& extract) {
    Search plans;
    plans.type = "CarePlan";
    plans.count = at_once;
    const std::string date = today();
    for (;;) {
        const auto page = view.search(plans);
        for (const auto& version : page) {
            const auto care_plan = json::parse(version.body);
            try {
                const auto* data_set = data_sets.find(plan::fhir::data_set_of(care_plan));
                if (data_set == nullptr || data_set->url != url) continue;
                const auto header = plan::fhir::read_plan(*data_set, care_plan);
                const auto revision = view.read("QuestionnaireResponse", header.revision_id);
                if (!revision || !is_open(view, header)) continue;
                const auto answers = plan::fhir::read_revision(*data_set, json::parse(revision->body));
                if (extract.may_count(header, answers, consent_stands(view, header)))
                    extract.count(header, answers, date);
            } catch (const std::invalid_argument&) {
                // What cannot be read is not counted.
            }
        }
        if (page.size() < at_once) return;
        plans.after = page.back().number;
    }
}

const plan::DataSet& newest(View& view, const DataSets& data_sets, const std::string& url) {
    Search all;
    all.type = "Questionnaire";
    all.count = 10'000;
    const plan::DataSet* found = nullptr;
    for (const auto& version : view.search(all)) {
        const auto resource = json::parse(version.body);
        if (text_of(resource, "url") == url) found = data_sets.find(url + "|" + text_of(resource, "version"));
    }
    if (found == nullptr)
        throw StartProblem("There is no data set " + url +
                           " on this exchange: give the url of one that it has.");
    return *found;
}

void write(const std::filesystem::path& file, const std::string& text) {
    if (file.empty()) {
        std::cout << text << std::flush;
        if (!std::cout) throw StartProblem("The extract could not be written to the standard output.");
        return;
    }
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0)
        throw StartProblem("The file " + file.string() +
                           " cannot be made: choose one that is not there yet.");
    std::size_t written = 0;
    while (written < text.size()) {
        const auto count = ::write(out, text.data() + written, text.size() - written);
        if (count <= 0) break;
        written += static_cast<std::size_t>(count);
    }
    const bool kept = written == text.size() && ::fsync(out) == 0;
    if (::close(out) != 0 || !kept) {
        ::unlink(file.c_str());
        throw StartProblem("The extract could not be written to " + file.string() +
                           ": free some disk space.");
    }
}

}  // namespace

const char* extract_usage() {
    return "Usage: careplug-exchange extract --data DIR --datasets DIR [--smallest N] [--data-set URL] "
           "[--out FILE]";
}

ExtractOptions read_extract_options(int count, const char* const* arguments) {
    ExtractOptions options;
    for (int i = 0; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (i + 1 == count)
            throw StartProblem("The option " + std::string(name) + " has no value. " + extract_usage());
        const char* value = arguments[++i];
        if (name == "--data")
            options.data = value;
        else if (name == "--datasets")
            options.data_sets = value;
        else if (name == "--out")
            options.out = value;
        else if (name == "--data-set")
            options.data_set = value;
        else if (name == "--smallest")
            options.rules.smallest = number_of(value);
        else
            throw StartProblem("There is no option " + std::string(name) + ". " + extract_usage());
    }
    if (options.data.empty() || options.data_sets.empty())
        throw StartProblem(std::string("--data and --datasets are needed. ") + extract_usage());
    if (!std::filesystem::is_directory(options.data))
        throw StartProblem("The data folder " + options.data.string() +
                           " is not there: name the exchange's.");
    return options;
}

void run_extract(const ExtractOptions& options) {
    const auto store = open_sqlite_store(options.data);
    const DataSets data_sets(options.data_sets, *store);
    const auto view = store->view();
    const auto& data_set = newest(*view, data_sets, options.data_set);
    plan::Extract extract(data_set, options.rules);
    count_all(*view, data_sets, options.data_set, extract);
    write(options.out, plan::write_extract(extract, data_set, today().substr(0, 7)));
}

}  // namespace careplug::exchange
