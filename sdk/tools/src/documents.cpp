#include "documents.h"

#include <careplug/plan/fhir.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "trial.h"

namespace careplug::tools {

using plan::Coding;
using plan::Date;

namespace {

constexpr const char* snomed = "http://snomed.info/sct";

plan::DataSet data_set_ending(const std::filesystem::path& folder, const std::string& end) {
    std::error_code wrong;
    for (const auto& file : std::filesystem::directory_iterator(folder, wrong)) {
        if (file.path().extension() != ".json") continue;
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        try {
            auto data_set = plan::read_data_set(text.str());
            if (data_set.url.ends_with(end)) return data_set;
        } catch (const std::invalid_argument&) {
            continue;
        }
    }
    throw NotRun("No data set whose url ends in " + end + " lies in " + folder.string() +
                 ". Name the folder of the data sets with --datasets.");
}

}  // namespace

const Person& first_person() {
    static const Person person = {"Marlowe",
                                  "Iris Zo\u00eb",
                                  "1944-06-19",
                                  "9990000018",
                                  "<b>Comfort</b> & \"dignity\" first",
                                  "left of the door, 4711",
                                  "Penicillin"};
    return person;
}

const Person& other_person() {
    static const Person person = {"Quennell",
                                  "Otto",
                                  "1951-02-03",
                                  "9990000026",
                                  "Second person's treatment advice",
                                  "behind the gate, 9932",
                                  "Latex"};
    return person;
}

Documents::Documents(const std::filesystem::path& folder)
    : plan_(data_set_ending(folder, "urgent-care-plan")), contact_(data_set_ending(folder, "-contact")) {}

json Documents::session(const std::string& view, Rights rights) const {
    return {{"view", view},
            {"role", "gp"},
            {"senior", true},
            {"may_edit", rights.edit},
            {"may_publish", rights.edit},
            {"may_note", rights.note},
            {"actor",
             {{"iss", view},
              {"sub", "checker"},
              {"name", "Dr C. Hecker"},
              {"role", "gp"},
              {"senior", true},
              {"organisation", "Y90001"},
              {"organisation_name", "Alder Lane Surgery"}}},
            {"data_sets", {json::parse(plan_.questionnaire), json::parse(contact_.questionnaire)}}};
}

json Documents::patient(const std::string& knowledge, bool fresh) {
    return {{"knowledge", knowledge},
            {"fresh", fresh},
            {"own_draft", false},
            {"queued", false},
            {"revision", knowledge == "no-plan" || knowledge == "not-known" ? 0 : 7}};
}

json Documents::panel_request(const std::string& action, const json& members) const {
    json request = {{"action", action},
                    {"data_set", action == "note" ? contact_.canonical() : plan_.canonical()}};
    request.update(members);
    return request;
}

json Documents::response(const plan::Answers& answers) const {
    return {{"resourceType", "QuestionnaireResponse"},
            {"status", "completed"},
            {"questionnaire", plan_.canonical()},
            {"item", plan::fhir::write_items(plan_, answers)}};
}

json Documents::plan_document(const plan::Answers& answers, const std::string& status) const {
    return {{"header",
             {{"revision", 7},
              {"amended", "2026-11-20T09:15:00Z"},
              {"checked", "2026-11-21T14:02:00Z"},
              {"author", "Dr A. Patel, GP"},
              {"approver", "Dr A. Patel, GP"},
              {"status", status}}},
            {"response", response(answers)}};
}

plan::Answers Documents::answers(const Person& person) const {
    plan::Answers answers;
    answers.set("dem.family", person.family);
    answers.set("dem.given", person.given);
    answers.set("dem.dob", Date{person.birth_date});
    answers.set("dem.nhs", person.nhs_number);
    answers.set("dem.keysafe", person.keysafe);
    answers.set("con.status", Coding{snomed, "882921000000109", "Consent given"});
    answers.set("cpr.decision",
                Coding{snomed, "450476008", "Not for attempted cardiopulmonary resuscitation"});
    answers.set("cpr.date", Date{"2026-10-02"});
    answers.set("leg.adrt", Coding{snomed, "816301000000100", "Has advance decision to refuse treatment"});
    answers.set("leg.adrt_date", Date{"2025-01-31"});
    answers.set("tep.level", plan_.find("tep.level")->options.back().coding);
    answers.set("tep.text", person.advice);
    answers.set("pref.matters", "What matters to " + person.given + ": music");
    return answers;
}

json Documents::record(const Person& person, bool allergies) {
    json bundle = {
        {"resourceType", "Bundle"},
        {"type", "collection"},
        {"entry",
         {{{"resource",
            {{"resourceType", "Patient"},
             {"id", "p-" + person.nhs_number},
             {"identifier",
              {{{"system", "https://fhir.nhs.uk/Id/nhs-number"}, {"value", person.nhs_number}}}},
             {"name", {{{"use", "official"}, {"family", person.family}, {"given", {person.given}}}}},
             {"birthDate", person.birth_date},
             {"gender", "female"}}}}}}};
    if (allergies)
        bundle["entry"].push_back({{"resource",
                                    {{"resourceType", "AllergyIntolerance"},
                                     {"id", "a-" + person.nhs_number},
                                     {"clinicalStatus", {{"coding", {{{"code", "active"}}}}}},
                                     {"code", {{"text", person.allergy}}}}}});
    return bundle;
}

careplug_policy_flag Documents::flag(const std::string& id, std::uint32_t patient) const {
    const auto found = std::find_if(plan_.flags.begin(), plan_.flags.end(),
                                    [&](const plan::FlagDefinition& each) { return each.id == id; });
    if (found == plan_.flags.end()) throw NotRun("The data set has no flag " + id + ".");
    careplug_policy_flag record = {};
    record.size = sizeof record;
    record.patient = patient;
    record.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    if (id == "not-known") record.knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    if (id == "no-plan") record.knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
    if (id == "suspended") record.knowledge = CAREPLUG_KNOWLEDGE_SUSPENDED;
    record.slot = found->slot;
    record.rank = found->rank;
    std::memcpy(record.id, id.data(), std::min(id.size(), sizeof record.id));
    return record;
}

std::vector<careplug_policy_flag> Documents::flags(const std::vector<std::string>& ids,
                                                   std::uint32_t patient) const {
    std::vector<careplug_policy_flag> flags;
    for (const std::string& id : ids) flags.push_back(flag(id, patient));
    return flags;
}

std::string id_of(const careplug_policy_flag& flag) {
    const auto* const text = reinterpret_cast<const char*>(flag.id);
    return std::string(text, strnlen(text, sizeof flag.id));
}

}  // namespace careplug::tools
