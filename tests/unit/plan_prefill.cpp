#include <careplug/plan/prefill.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using nlohmann::json;

namespace {

const std::string now = "2026-08-31T14:02:00Z";

json bundle(std::initializer_list<json> resources) {
    json made = {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", json::array()}};
    for (const json& resource : resources) made["entry"].push_back({{"resource", resource}});
    return made;
}

const json patient = json::parse(R"({"resourceType":"Patient","id":"p1",
    "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"999 000 0018","extension":[
      {"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
       "valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
         "code":"01","display":"Number present and verified"}]}}]}],
    "name":[{"use":"usual","given":["Ada"]},{"use":"official","family":"Nkemelu","given":["Adaeze","Rose"]}],
    "birthDate":"1944-06-19","gender":"female",
    "telecom":[{"system":"phone","value":"020 7946 0018"},{"system":"email","value":"a@example.org"}],
    "address":[{"line":["4 Orchard Row"],"city":"Alderwick","postalCode":"AW1 1AA"}],
    "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired","valueBoolean":false}],
    "communication":[{"preferred":true,"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"ig","display":"Igbo"}]}}]})");

json codeable(const std::string& system, const std::string& code, const std::string& display) {
    json coding = {{"system", system}, {"code", code}, {"display", display}};
    return {{"coding", json::array({std::move(coding)})}};
}

json allergy(const char* code, const char* display, const char* clinical = "active") {
    return {{"resourceType", "AllergyIntolerance"},
            {"id", std::string("a") + code},
            {"clinicalStatus", codeable("urn:status", clinical, clinical)},
            {"code", codeable(snomed, code, display)}};
}

json condition(const char* code, const char* display) {
    return {{"resourceType", "Condition"}, {"id", code}, {"code", codeable(snomed, code, display)}};
}

// An empty text where there is no answer.
Value value_of(const Answers& answers, const char* link_id) {
    const Value* value = answers.first(link_id);
    return value == nullptr ? Value() : *value;
}

Coding coding_of(const Answers& answers, const char* link_id) {
    const Value* value = answers.first(link_id);
    return value == nullptr ? Coding{} : std::get<Coding>(*value);
}

std::string allergy_state(const Answers& answers) {
    return coding_of(answers, "alg.state").code;
}

}  // namespace

TEST_CASE("The record fills in identity, practice and lists") {
    const json practitioner = json::parse(
        R"({"resourceType":"Practitioner","id":"d","name":[{"prefix":["Dr"],"given":["P."],"family":"Iwobi"}]})");
    const json practice = json::parse(
        R"({"resourceType":"Organization","id":"o","name":"Alder Lane Surgery",
            "identifier":[{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y90001"}],
            "telecom":[{"system":"phone","value":"020 7946 0001"}]})");
    const json furosemide = json::parse(
        R"({"resourceType":"MedicationStatement","id":"m1","status":"active",
            "medicationCodeableConcept":{"text":"Furosemide 40 mg tablets"},"dosage":[{"text":"one in the morning"}]})");
    const json stopped = json::parse(
        R"({"resourceType":"MedicationStatement","id":"m2","status":"stopped",
            "medicationCodeableConcept":{"text":"Ramipril"}})");
    const json record = bundle(
        {patient, practitioner, practice, condition("84114007", "Heart failure"), furosemide, stopped});
    const Answers answers = prefill(urgent_care_plan(), record, gp(), now);
    CHECK(answers.text("dem.family") == "Nkemelu");
    CHECK(answers.text("dem.given") == "Adaeze Rose");
    CHECK(answers.text("dem.preferred") == "Ada");
    CHECK(value_of(answers, "dem.dob") == Value(Date{"1944-06-19"}));
    CHECK(answers.text("dem.nhs") == "9990000018");
    CHECK(coding_of(answers, "dem.nhs_status").code == "01");
    CHECK(coding_of(answers, "dem.gender").code == "248152002");
    CHECK(answers.text("dem.address") == "4 Orchard Row, Alderwick, AW1 1AA");
    CHECK(answers.values("dem.phone").size() == 1);
    CHECK(coding_of(answers, "com.interpreter").code == "315595002");
    CHECK(coding_of(answers, "com.language").display == "Igbo");
    CHECK(answers.text("ppl.gp") == "Dr P. Iwobi");
    CHECK(answers.text("ppl.practice.ods") == "Y90001");
    CHECK(answers.text("ppl.practice.name") == "Alder Lane Surgery");
    CHECK(coding_of(answers, "dx.primary").display == "Heart failure");
    CHECK(answers.all("med.current").size() == 1);
    CHECK(answers.text("med.current.medicine") == "Furosemide 40 mg tablets");
    CHECK(answers.text("med.current.dose") == "one in the morning");
    CHECK_FALSE(answers.text("med.current.$row").empty());
    const auto issues = validate(urgent_care_plan(), answers, Intent::save_draft, today);
    INFO(words_of(issues));
    CHECK_FALSE(blocks(issues));
    // The same record gives the same answers, row ids included.
    CHECK(prefill(urgent_care_plan(), record, gp(), now) == answers);
}

TEST_CASE("A code that the record gives without words has the form's words") {
    json bare = patient;
    bare["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0].erase("display");
    const Answers answers = prefill(urgent_care_plan(), bundle({bare}), gp(), now);
    CHECK(std::get<Coding>(*answers.first("dem.nhs_status")).display == "Number present and verified");
}

TEST_CASE("Nothing that decides is defaulted") {
    const Answers answers = prefill(urgent_care_plan(), bundle({patient}), gp(), now);
    for (const char* link_id :
         {"con.status", "cpr.decision", "tep.level", "leg.adrt", "leg.lpa", "leg.capacity"})
        CHECK_FALSE(answers.has(link_id));
}

TEST_CASE("Defaults of the data set fill the rest, for those who may decide") {
    const Answers answers = prefill(urgent_care_plan(), bundle({patient}), gp(), now);
    CHECK(value_of(answers, "con.date") == Value(Date{"2026-08-31"}));
    CHECK(value_of(answers, "meta.review") == Value(Date{"2027-02-28"}));
    CHECK(coding_of(answers, "con.patient_access").code == "withhold");
    CHECK(answers.text("cpr.by.name") == "Dr P. Iwobi");
    CHECK(answers.text("cpr.by.role") == "GP");
    Actor nurse = gp();
    nurse.role = "district_nurse";
    const Answers by_nurse = prefill(urgent_care_plan(), bundle({patient}), nurse, now);
    CHECK_FALSE(by_nurse.has("cpr.by"));
    CHECK_FALSE(by_nurse.has("con.patient_access"));
    CHECK(check_edit_rights(urgent_care_plan(), nurse, {}, by_nurse).empty());
    Actor crew = gp();
    crew.role = "ambulance_clinician";
    const Answers note = prefill(contact_form(), bundle({}), crew, now);
    CHECK(value_of(note, "evt.note.when") == Value(DateTime{now}));
}

TEST_CASE("H14: an allergy list that was not read is never shown as none") {
    const DataSet& set = urgent_care_plan();
    CHECK(allergy_state(prefill(set, bundle({patient}), gp(), now)) == "not-recorded-could-not-be-read");
    CHECK(allergy_state(prefill(set, json::object(), gp(), now)) == "not-recorded-could-not-be-read");
    CHECK(allergy_state(prefill(set, bundle({allergy("716186003", "No known allergy")}), gp(), now)) ==
          "no-known-allergies");
    const Answers listed = prefill(set, bundle({allergy("91936005", "Allergy to penicillin")}), gp(), now);
    CHECK(allergy_state(listed) == "allergies-listed");
    CHECK(coding_of(listed, "alg.list.substance").display == "Allergy to penicillin");
    // Both asserted: the list wins.
    const Answers both = prefill(
        set, bundle({allergy("716186003", "No known allergy"), allergy("91936005", "Allergy to penicillin")}),
        gp(), now);
    CHECK(allergy_state(both) == "allergies-listed");
    // A resolved allergy is neither an entry nor a sign that there is none; nor is "no drug allergy" none at
    // all.
    CHECK(allergy_state(prefill(set, bundle({allergy("91936005", "Allergy to penicillin", "resolved")}), gp(),
                                now)) == "not-recorded-could-not-be-read");
    CHECK(allergy_state(prefill(set, bundle({allergy("409137002", "No known drug allergy")}), gp(), now)) ==
          "not-recorded-could-not-be-read");
}

TEST_CASE("What a record leaves open is left open") {
    const Answers several =
        prefill(urgent_care_plan(),
                bundle({condition("84114007", "Heart failure"), condition("13645005", "COPD")}), gp(), now);
    CHECK_FALSE(several.has("dx.primary"));
    CHECK(several.values("dx.other").size() == 2);
    // Two patients in one record: whose is it?
    CHECK_FALSE(prefill(urgent_care_plan(), bundle({patient, patient}), gp(), now).has("dem.family"));
    // Records of other shapes do no harm.
    for (const char* text :
         {"null", "[]", "{\"entry\":5}", "{\"entry\":[5,{\"resource\":[]}]}",
          "{\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"name\":\"x\",\"identifier\":[3]}}]}",
          "{\"entry\":[{\"resource\":{\"resourceType\":\"AllergyIntolerance\",\"code\":[]}}]}"})
        CHECK_NOTHROW(prefill(urgent_care_plan(), json::parse(text), gp(), now));
}
