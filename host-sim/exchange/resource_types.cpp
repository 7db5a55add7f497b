#include "resource_types.h"

#include <algorithm>

#include "problem.h"

namespace careplug::exchange {

namespace {

using Kind = ParameterKind;

const SearchParameter by_id{"_id", Kind::id, "id", {}};
const SearchParameter by_update{"_lastUpdated", Kind::updated, "meta.lastUpdated", {}};
const SearchParameter by_identifier{"identifier", Kind::identifier, "identifier", {}};
const SearchParameter by_status{"status", Kind::code, "status", {}};
const SearchParameter by_category{"category", Kind::concept_, "category", {}};
const SearchParameter by_subject{"subject", Kind::reference, "subject", {"Patient"}};

SearchParameter patient(const std::string& path) {
    return {"patient", Kind::reference, path, {"Patient"}};
}

SearchParameter patient_identifier(const std::string& path) {
    return {"patient.identifier", Kind::patient_identifier, path + ".identifier", {"Patient"}};
}

}  // namespace

bool SearchParameter::selective() const {
    return kind == Kind::identifier || kind == Kind::reference || kind == Kind::patient_identifier ||
           kind == Kind::tag;
}

const char* SearchParameter::type() const {
    switch (kind) {
        case Kind::reference:
            return "reference";
        case Kind::canonical:
        case Kind::uri:
            return "uri";
        case Kind::updated:
            return "date";
        default:
            return "token";
    }
}

const SearchParameter* ResourceType::find(std::string_view parameter) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const SearchParameter& each) { return each.name == parameter; });
    return found == parameters.end() ? nullptr : &*found;
}

const std::vector<ResourceType>& resource_types() {
    static const std::vector<ResourceType> types{
        {"Patient", true, true, {by_id, by_update, by_identifier}},
        {"CarePlan",
         true,
         true,
         {by_id, by_update, by_identifier, by_subject, patient("subject"), patient_identifier("subject"),
          by_status, by_category}},
        {"QuestionnaireResponse",
         true,
         true,
         {by_id,
          by_update,
          by_identifier,
          by_subject,
          patient("subject"),
          patient_identifier("subject"),
          by_status,
          {"_tag", Kind::tag, "meta.tag", {}},
          {"based-on", Kind::reference, "basedOn", {"CarePlan"}},
          {"questionnaire", Kind::canonical, "questionnaire", {}}}},
        {"Questionnaire",
         false,
         true,
         {by_id,
          by_update,
          {"url", Kind::uri, "url", {}},
          {"version", Kind::code, "version", {}},
          by_status}},
        {"Consent",
         true,
         false,
         {by_id, by_update, by_identifier, patient("patient"), patient_identifier("patient"), by_status,
          by_category}},
        {"Flag",
         true,
         false,
         {by_id, by_update, by_identifier, by_subject, patient("subject"), patient_identifier("subject"),
          by_status, by_category}},
        {"Task",
         true,
         true,
         {by_id,
          by_update,
          by_identifier,
          patient("for"),
          patient_identifier("for"),
          by_status,
          {"focus", Kind::reference, "focus", {"CarePlan"}}}},
        {"RelatedPerson",
         true,
         true,
         {by_id, by_update, by_identifier, patient("patient"), patient_identifier("patient")}},
        {"Provenance",
         false,
         true,
         {by_id,
          by_update,
          {"target",
           Kind::reference,
           "target",
           {"Patient", "CarePlan", "QuestionnaireResponse", "Consent", "Flag", "Task", "RelatedPerson"}}}},
        {"AuditEvent",
         false,
         true,
         {by_id,
          by_update,
          {"patient.identifier", Kind::identifier, "entity.what.identifier", {}},
          {"agent.identifier", Kind::identifier, "agent.who.identifier", {}},
          {"subtype", Kind::code, "subtype.code", {}}}},
        {"Communication", false, true, {by_id, by_update, by_category}},
    };
    return types;
}

const ResourceType* find_resource_type(std::string_view name) {
    const auto& types = resource_types();
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const ResourceType& each) { return each.name == name; });
    return found == types.end() ? nullptr : &*found;
}

const ResourceType& resource_type(std::string_view name) {
    if (const auto* found = find_resource_type(name)) return *found;
    throw Problem(404, "not-supported",
                  "This server keeps no resources of the type that was asked for: see /fhir/metadata.");
}

bool is_resource_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
    });
}

}  // namespace careplug::exchange
