#include <careplug/plan/fhir.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using nlohmann::json;

namespace {

fhir::Revision revision_of(const Answers& answers) {
    fhir::Revision revision;
    revision.id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c008";
    revision.plan_id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001";
    revision.author = gp();
    revision.authored = "2026-11-21T14:02:11Z";
    revision.answers = answers;
    return revision;
}

fhir::Subject subject(const std::string& reference = {}) {
    return {"9990000018", "Nkemelu", "Adaeze", "1944-06-19", "female", "4 Orchard Row", reference};
}

std::vector<std::string> types(const json& bundle) {
    std::vector<std::string> found;
    for (const json& entry : bundle["entry"]) found.push_back(entry["resource"]["resourceType"]);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

json resource(const json& bundle, const std::string& type) {
    for (const json& entry : bundle["entry"])
        if (entry["resource"]["resourceType"] == type) return entry["resource"];
    return {};
}

std::map<std::string, std::string> flag_statuses(const json& bundle) {
    std::map<std::string, std::string> statuses;
    for (const json& entry : bundle["entry"]) {
        const json& flag = entry["resource"];
        if (flag["resourceType"] != "Flag") continue;
        const std::string id = flag["id"];
        statuses[id.substr(37)] = flag["status"];
        CHECK(id.size() <= 64);
        CHECK_FALSE(flag["period"].contains("end"));
        CHECK(entry["request"]["url"] == "Flag/" + id);
    }
    return statuses;
}

}  // namespace

TEST_CASE("A first publish creates the patient on condition, and the plan last") {
    const json bundle = fhir::publish_transaction(urgent_care_plan(), revision_of(complete_answers()),
                                                  subject(), nullptr, today);
    CHECK(bundle["type"] == "transaction");
    CHECK(types(bundle) ==
          std::vector<std::string>{"Patient", "QuestionnaireResponse", "Consent", "Flag", "CarePlan"});
    const json& first = bundle["entry"][0];
    CHECK(first["request"]["method"] == "POST");
    CHECK(first["request"]["ifNoneExist"] == "identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018");
    CHECK(first["resource"]["birthDate"] == "1944-06-19");
    const std::string full_url = first["fullUrl"];
    CHECK(full_url.find("urn:uuid:") == 0);
    CHECK(full_url.size() == 9 + 36);
    CHECK(resource(bundle, "QuestionnaireResponse")["subject"]["reference"] == full_url);
    CHECK(resource(bundle, "Consent")["patient"]["reference"] == full_url);
    CHECK(resource(bundle, "Flag")["subject"]["reference"] == full_url);
    const json& last = bundle["entry"].back();
    CHECK(last["resource"]["subject"]["reference"] == full_url);
    CHECK(last["request"]["method"] == "PUT");
    CHECK(last["request"]["url"] == "CarePlan/6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001");
    CHECK_FALSE(last["request"].contains("ifMatch"));
    // The same revision gives the same bytes, so that a repeated send is the same request.
    CHECK(fhir::publish_transaction(urgent_care_plan(), revision_of(complete_answers()), subject(), nullptr,
                                    today) == bundle);
    json plan = last["resource"];
    plan["subject"]["reference"] = "Patient/1";
    const Plan read = fhir::read_plan(urgent_care_plan(), plan);
    CHECK(read.revision == 1);
    CHECK(read.revision_id == "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c008");
    CHECK(read.review == "2027-05-21");
    CHECK(read.approver == "Dr P. Iwobi, GP, Alder Lane Surgery");
    CHECK(read.created == "2026-11-21T14:02:11Z");
    CHECK(read.consent_id == read.id);
    CHECK(flag_statuses(bundle) ==
          std::map<std::string, std::string>{{"plan", "active"}, {"dnacpr", "active"}});
    const json consent = resource(bundle, "Consent");
    CHECK(consent["provision"]["type"] == "permit");
    CHECK(consent["dateTime"] == "2026-11-20");
    CHECK(consent["extension"][0]["valueCoding"]["code"] == "882921000000109");
}

TEST_CASE("A later publish moves the pointer under If-Match and ends what is gone") {
    const DataSet& set = urgent_care_plan();
    Plan before = active_plan(set, complete_answers());
    before.etag = "W/\"7\"";
    Answers after = complete_answers();
    after.set("cpr.decision", option(set, "cpr.decision", "450475007"));
    const json bundle =
        fhir::publish_transaction(set, revision_of(after), subject("Patient/1"), &before, today);
    CHECK(types(bundle).front() == "QuestionnaireResponse");
    const json& last = bundle["entry"].back();
    CHECK(last["request"]["ifMatch"] == "W/\"7\"");
    const Plan read = fhir::read_plan(set, last["resource"]);
    CHECK(read.revision == 8);
    CHECK(read.created == before.created);
    CHECK(read.amended == "2026-11-21T14:02:11Z");
    CHECK(read.patient_reference == "Patient/1");
    CHECK(flag_statuses(bundle) == std::map<std::string, std::string>{
                                       {"plan", "active"}, {"for-cpr", "active"}, {"dnacpr", "inactive"}});
}

TEST_CASE("H12: no masked answer leaves in a flag or in the summary") {
    Answers answers = complete_answers();
    answers.set("risk.staff", std::string("SECRET-ONE"));
    answers.set("risk.safeguard", std::string("SECRET-TWO"));
    answers.set("dem.keysafe", std::string("SECRET-THREE"));
    json bundle =
        fhir::publish_transaction(urgent_care_plan(), revision_of(answers), subject(), nullptr, today);
    for (const json& entry : bundle["entry"])
        if (entry["resource"]["resourceType"] != "QuestionnaireResponse")
            CHECK(entry["resource"].dump().find("SECRET") == std::string::npos);
    CHECK(resource(bundle, "QuestionnaireResponse").dump().find("SECRET-THREE") != std::string::npos);
}

TEST_CASE("Issues become an OperationOutcome") {
    const json outcome = fhir::operation_outcome({{Severity::error, "required", "cpr.date", "", "Needed."},
                                                  {Severity::warning, "business-rule", "", "", "Hm."}});
    CHECK(outcome["issue"][0]["severity"] == "error");
    CHECK(outcome["issue"][0]["code"] == "required");
    CHECK(outcome["issue"][0]["details"]["text"] == "Needed.");
    CHECK(outcome["issue"][1]["severity"] == "warning");
    CHECK_FALSE(outcome["issue"][1].contains("expression"));
    CHECK(fhir::operation_outcome({})["issue"].size() == 1);
}
