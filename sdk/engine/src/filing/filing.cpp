#include "filing/filing.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/fhir.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 5> state_names{"unpublished", "waiting", "held", "refused", "filed"};

std::string identifier_of(const std::string& plan_id, const std::string& code) {
    return plan_id + "/" + code;
}

json written(const FiledEntry& entry) {
    return {{"identifier", entry.identifier},
            {"state", entry.state},
            {"system", entry.system},
            {"code", entry.code},
            {"display", entry.display},
            {"text", entry.text},
            {"date", entry.date},
            {"host_id", entry.host_id}};
}

FiledEntry read(const json& entry) {
    return {entry.at("identifier"), entry.at("state"), entry.at("system"), entry.at("code"),
            entry.at("display"),    entry.at("text"),  entry.at("date"),   entry.at("host_id")};
}

const FiledEntry* find(const std::vector<FiledEntry>& entries, const std::string& identifier) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const FiledEntry& one) { return one.identifier == identifier; });
    return found == entries.end() ? nullptr : &*found;
}

// A record of another's making: what is absent or of another type reads as empty.
const json& member_of(const json& object, const char* name) {
    static const json none;
    if (!object.is_object()) return none;
    const auto found = object.find(name);
    return found == object.end() ? none : *found;
}

const json& list_in(const json& object, const char* name) {
    static const json none = json::array();
    const json& found = member_of(object, name);
    return found.is_array() ? found : none;
}

std::string text_in(const json& object, const char* name) {
    const json& found = member_of(object, name);
    return found.is_string() ? found.get<std::string>() : std::string();
}

}  // namespace

std::string state_name(Filing::State state) {
    return state_names.at(static_cast<std::size_t>(state));
}

std::string write_filing(const Filing& filing) {
    json entries = json::array();
    for (const FiledEntry& entry : filing.entries) entries.push_back(written(entry));
    return json{{"state", state_name(filing.state)},
                {"change", filing.change},
                {"nhs_number", filing.digits},
                {"birth_date", filing.birth_date},
                {"plan", filing.plan_id},
                {"title", filing.title},
                {"revision", filing.revision},
                {"author", filing.author},
                {"sentence", filing.sentence},
                {"entries", entries},
                {"before", filing.before}}
        .dump();
}

Filing read_filing(const std::string& body) {
    const json kept = json::parse(body);
    Filing filing;
    const auto state = std::find(state_names.begin(), state_names.end(), kept.at("state").get<std::string>());
    if (state == state_names.end()) throw std::invalid_argument("a filing in a state that is not known");
    filing.state = static_cast<Filing::State>(state - state_names.begin());
    filing.change = kept.at("change");
    filing.digits = kept.at("nhs_number");
    filing.birth_date = kept.at("birth_date");
    filing.plan_id = kept.at("plan");
    filing.title = kept.at("title");
    filing.revision = kept.at("revision");
    filing.author = kept.at("author");
    filing.sentence = kept.at("sentence");
    for (const json& entry : kept.at("entries")) filing.entries.push_back(read(entry));
    filing.before = kept.at("before");
    return filing;
}

std::vector<FiledEntry> next_entries(const std::string& plan_id, const json& policy_answer,
                                     const std::vector<FiledEntry>& filed_before, const std::string& ended) {
    const std::vector<FiledEntry> before =
        control::on("H6.filed-once") ? filed_before : std::vector<FiledEntry>();
    std::vector<FiledEntry> next;
    for (const json& entry : policy_answer.at("entries")) {
        const json& code = entry.at("code");
        FiledEntry one{identifier_of(plan_id, code.at("code")),
                       "active",
                       code.at("system"),
                       code.at("code"),
                       text_in(code, "display"),
                       entry.at("text"),
                       text_in(entry, "date"),
                       {}};
        if (const FiledEntry* filed = find(before, one.identifier)) one.host_id = filed->host_id;
        if (find(next, one.identifier) == nullptr) next.push_back(std::move(one));
    }
    for (FiledEntry filed : before) {
        if (find(next, filed.identifier) != nullptr) continue;
        if (filed.state == "active" || ended == "entered-in-error") filed.state = ended;
        next.push_back(std::move(filed));
    }
    return next;
}

std::vector<FiledEntry> filed_in_record(const json* record_bundle, const std::string& plan_id) {
    std::vector<FiledEntry> found;
    if (record_bundle == nullptr) return found;
    const std::string prefix = plan_id + "/";
    for (const json& entry : list_in(*record_bundle, "entry")) {
        const json& resource = member_of(entry, "resource");
        for (const json& identifier : list_in(resource, "identifier")) {
            const std::string value = text_in(identifier, "value");
            if (text_in(identifier, "system") != plan::filed_entry_system || !value.starts_with(prefix))
                continue;
            const bool in_error = text_in(resource, "status") == "entered-in-error";
            FiledEntry one;
            one.identifier = value;
            one.state = in_error ? "entered-in-error" : "active";
            one.code = value.substr(prefix.size());
            one.host_id = text_in(resource, "id");
            const json& codeable = member_of(resource, "code");
            one.text = text_in(codeable, "text");
            for (const json& coding : list_in(codeable, "coding"))
                if (text_in(coding, "code") == one.code) {
                    one.system = text_in(coding, "system");
                    one.display = text_in(coding, "display");
                }
            if (find(found, value) == nullptr) found.push_back(std::move(one));
        }
    }
    return found;
}

json file_request(const Filing& filing) {
    json entries = json::array();
    for (const FiledEntry& entry : filing.entries) {
        json one{{"identifier", {{"system", plan::filed_entry_system}, {"value", entry.identifier}}},
                 {"state", entry.state},
                 {"code", {{"system", entry.system}, {"code", entry.code}, {"display", entry.display}}},
                 {"text", entry.text},
                 {"date", entry.date}};
        if (!entry.host_id.empty()) one["id"] = entry.host_id;
        entries.push_back(std::move(one));
    }
    return {{"request", "file"},
            {"patient", {{"nhs_number", filing.digits}, {"birth_date", filing.birth_date}}},
            {"plan",
             {{"id", filing.plan_id},
              {"title", filing.title},
              {"revision", filing.revision},
              {"author", filing.author}}},
            {"entries", std::move(entries)}};
}

void take_answer(Filing& filing, const std::string& body) {
    const json answer = plan::fhir::parse(body);
    for (const json& filed : answer.at("entries")) {
        const std::string identifier = filed.at("identifier");
        for (FiledEntry& entry : filing.entries)
            if (entry.identifier == identifier) entry.host_id = filed.at("id");
    }
    for (const FiledEntry& entry : filing.entries)
        if (entry.host_id.empty() && entry.state == "active")
            throw std::invalid_argument("an entry without the record's id");
    filing.state = Filing::State::filed;
    filing.sentence.clear();
    filing.before.clear();
}

bool asks_the_same(Filing one, Filing other) {
    for (Filing* filing : {&one, &other})
        for (FiledEntry& entry : filing->entries) entry.host_id.clear();
    return one.plan_id == other.plan_id && one.revision == other.revision && one.entries == other.entries;
}

}  // namespace careplug::engine
