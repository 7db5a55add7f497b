#include "documents.h"

#include <careplug/plan/fhir.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace careplug::test {

using nlohmann::json;
using plan::Coding;
using plan::Date;

namespace {

constexpr const char* snomed = "http://snomed.info/sct";

// The data set whose url ends so, wherever its file is called what.
plan::DataSet data_set_ending(const std::string& end) {
    const auto folder = std::filesystem::path(CAREPLUG_SOURCE_DIR) / "sdk" / "plan" / "datasets";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".json") continue;
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        auto data_set = plan::read_data_set(text.str());
        if (data_set.url.ends_with(end)) return data_set;
    }
    throw std::runtime_error("no data set ends with " + end);
}

}  // namespace

const plan::DataSet& urgent_care_plan() {
    static const plan::DataSet data_set = data_set_ending("urgent-care-plan");
    return data_set;
}

const plan::DataSet& urgent_care_contact() {
    static const plan::DataSet data_set = data_set_ending("-contact");
    return data_set;
}

namespace {

json session_json(const std::string& view, const std::string& role, const json& questionnaire) {
    return {{"view", view},
            {"role", role},
            {"senior", true},
            {"may_edit", true},
            {"may_publish", true},
            {"may_note", true},
            {"actor",
             {{"iss", view},
              {"sub", "tester"},
              {"name", "Dr T. Example"},
              {"role", role},
              {"senior", true},
              {"organisation", "Y90001"},
              {"organisation_name", "Alder Lane Surgery"}}},
            {"data_sets", {questionnaire, json::parse(urgent_care_contact().questionnaire)}}};
}

}  // namespace

std::string session_document(const std::string& view, const std::string& role, bool may_edit, bool may_note) {
    json session = session_json(view, role, json::parse(urgent_care_plan().questionnaire));
    session["may_edit"] = session["may_publish"] = may_edit;
    session["may_note"] = may_note;
    return session.dump();
}

std::string session_with(const std::string& view, const json& questionnaire) {
    return session_json(view, "gp", questionnaire).dump();
}

std::string patient_document(const std::string& knowledge, bool fresh, bool own_draft, unsigned revision) {
    return json{{"knowledge", knowledge}, {"fresh", fresh}, {"own_draft", own_draft}, {"revision", revision}}
        .dump();
}

plan::Answers published_answers() {
    plan::Answers answers;
    answers.set("dem.family", std::string("<script>alert(1)</script>"));
    answers.set("dem.given", std::string("Zo\u00eb & \"Bo\""));
    answers.set("dem.dob", Date{"1944-06-19"});
    answers.set("dem.nhs", std::string("9990000018"));
    answers.set("dem.keysafe", std::string("left of the door, 4711"));
    answers.set("con.status", Coding{snomed, "882921000000109", "Consent given"});
    answers.set("cpr.decision",
                Coding{snomed, "450476008", "Not for attempted cardiopulmonary resuscitation"});
    answers.set("cpr.date", Date{"2026-10-02"});
    answers.set("leg.adrt", Coding{snomed, "816301000000100", "Has advance decision to refuse treatment"});
    answers.set("leg.adrt_date", Date{"2025-01-31"});
    answers.set("leg.lpa",
                Coding{snomed, "816381000000105", "Has appointed person with personal welfare LPA"});
    answers.set("tep.text", std::string("<b>Comfort</b> first"));
    return answers;
}

json response_of(const plan::Answers& answers) {
    return {{"resourceType", "QuestionnaireResponse"},
            {"status", "completed"},
            {"questionnaire", urgent_care_plan().canonical()},
            {"item", plan::fhir::write_items(urgent_care_plan(), answers)}};
}

json record_bundle() {
    return {{"resourceType", "Bundle"},
            {"type", "collection"},
            {"entry",
             {{{"resource",
                {{"resourceType", "Patient"},
                 {"id", "p1"},
                 {"identifier", {{{"system", "https://fhir.nhs.uk/Id/nhs-number"}, {"value", "9990000018"}}}},
                 {"name", {{{"use", "official"}, {"family", "Marlowe"}, {"given", {"Iris"}}}}},
                 {"birthDate", "1944-06-19"},
                 {"gender", "female"}}}}}}};
}

std::string panel_request(const std::string& action, const json& members) {
    json document = {{"action", action}, {"data_set", urgent_care_plan().canonical()}};
    document.update(members);
    return document.dump();
}

std::string plan_document(const std::string& status, const json& response) {
    return json{{"header",
                 {{"revision", 7},
                  {"amended", "2026-11-20T09:15:00Z"},
                  {"checked", "2026-11-21T14:02:00Z"},
                  {"author", "Dr A. Patel, GP"},
                  {"approver", "Dr A. Patel, GP"},
                  {"status", status}}},
                {"response", response}}
        .dump();
}

careplug_policy_flag flag(const std::string& id, std::uint32_t patient) {
    const auto& known = urgent_care_plan().flags;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const plan::FlagDefinition& each) { return each.id == id; });
    if (found == known.end()) throw std::runtime_error("no flag " + id);
    careplug_policy_flag record = {};
    record.size = sizeof record;
    record.patient = patient;
    record.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    record.slot = found->slot;
    record.rank = found->rank;
    std::memcpy(record.id, id.data(), std::min(id.size(), sizeof record.id));
    return record;
}

std::vector<careplug_policy_flag> flags_of_one_patient(const std::vector<std::string>& ids) {
    std::vector<careplug_policy_flag> flags;
    for (const std::string& id : ids) flags.push_back(flag(id));
    return flags;
}

}  // namespace careplug::test
