#include "record_bundle.h"

#include <nlohmann/json.hpp>

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr const char* snomed = "http://snomed.info/sct";

json concept_of(const Entry& entry) {
    json out{{"text", entry.text}};
    if (!entry.code.empty())
        out["coding"] = json::array({{{"system", snomed}, {"code", entry.code}, {"display", entry.text}}});
    return out;
}

json patient_of(const Person& person) {
    json name{{"use", "official"}, {"family", person.family}, {"given", json::array({person.given})}};
    if (!person.prefix.empty()) name["prefix"] = json::array({person.prefix});
    json out{{"resourceType", "Patient"},
             {"id", person.id},
             {"name", json::array({name})},
             {"gender", person.sex}};
    if (!person.nhs_number.empty()) {
        const json status{
            {"url",
             "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"},
            {"valueCodeableConcept",
             {{"coding",
               json::array(
                   {{{"system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"},
                     {"code", "0" + std::to_string(person.number_status)}}})}}}};
        out["identifier"] = json::array({{{"extension", json::array({status})},
                                          {"system", "https://fhir.nhs.uk/Id/nhs-number"},
                                          {"value", person.nhs_number}}});
    }
    if (!person.birth_date.empty()) out["birthDate"] = person.birth_date;
    if (!person.address_line.empty())
        out["address"] =
            json::array({{{"use", "home"},
                          {"text", person.address_line + ", " + person.city + ", " + person.postcode},
                          {"line", json::array({person.address_line})},
                          {"city", person.city},
                          {"postalCode", person.postcode}}});
    if (!person.phone.empty())
        out["telecom"] = json::array({{{"system", "phone"}, {"value", person.phone}, {"use", "home"}}});
    out["generalPractitioner"] =
        json::array({{{"reference", "Practitioner/usual-gp"}}, {{"reference", "Organization/practice"}}});
    return out;
}

void add_allergies(json& entries, const Person& person, const json& subject) {
    const auto add = [&](const std::string& id, json code, const Entry& entry) {
        json resource{
            {"resourceType", "AllergyIntolerance"},
            {"id", id},
            {"clinicalStatus",
             {{"coding",
               json::array({{{"system", "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"},
                             {"code", "active"}}})}}},
            {"code", std::move(code)},
            {"patient", subject}};
        if (!entry.date.empty()) resource["recordedDate"] = entry.date;
        if (!entry.detail.empty())
            resource["reaction"] =
                json::array({{{"manifestation", json::array({{{"text", entry.detail}}})}}});
        entries.push_back({{"resource", std::move(resource)}});
    };
    if (person.allergy_list == AllergyList::none_known)
        add("no-known-allergy", concept_of({"", "No known allergy", "", "716186003"}), {});
    if (person.allergy_list == AllergyList::listed)
        for (std::size_t i = 0; i < person.allergies.size(); ++i)
            add("allergy-" + std::to_string(i), concept_of(person.allergies[i]), person.allergies[i]);
}

}  // namespace

std::string record_bundle(const Person& person) {
    const json subject{{"reference", "Patient/" + person.id}};
    json entries = json::array();
    const auto add = [&](json resource) { entries.push_back({{"resource", std::move(resource)}}); };
    add(patient_of(person));
    add({{"resourceType", "Practitioner"},
         {"id", "usual-gp"},
         {"name", json::array({{{"text", "Dr P. Iwobi"},
                                {"family", "Iwobi"},
                                {"given", json::array({"P."})},
                                {"prefix", json::array({"Dr"})}}})}});
    add({{"resourceType", "Organization"},
         {"id", "practice"},
         {"identifier",
          json::array({{{"system", "https://fhir.nhs.uk/Id/ods-organization-code"}, {"value", "Y90001"}}})},
         {"name", "Alder Lane Surgery"},
         {"telecom", json::array({{{"system", "phone"}, {"value", "01632 960 101"}}})},
         {"address", json::array({{{"text", "2 Alder Lane, Eastmoor, ZZ1 1ZZ"}}})}});
    for (std::size_t i = 0; i < person.problems.size(); ++i)
        add({{"resourceType", "Condition"},
             {"id", "condition-" + std::to_string(i)},
             {"clinicalStatus",
              {{"coding",
                json::array({{{"system", "http://terminology.hl7.org/CodeSystem/condition-clinical"},
                              {"code", "active"}}})}}},
             {"code", concept_of(person.problems[i])},
             {"subject", subject},
             {"recordedDate", person.problems[i].date}});
    add_allergies(entries, person, subject);
    for (std::size_t i = 0; i < person.medicines.size(); ++i)
        add({{"resourceType", "MedicationStatement"},
             {"id", "medication-" + std::to_string(i)},
             {"status", "active"},
             {"medicationCodeableConcept", concept_of(person.medicines[i])},
             {"subject", subject},
             {"effectiveDateTime", person.medicines[i].date},
             {"dosage", json::array({{{"text", person.medicines[i].detail}}})}});
    return json{{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", std::move(entries)}}.dump();
}

}  // namespace careplug::sim
