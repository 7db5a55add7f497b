#include <catch2/catch.hpp>

#include "exchange_fixture.h"

using namespace exchange_test;

namespace {

std::map<std::string, std::size_t> everything(HttpClient& client) {
    std::map<std::string, std::size_t> counts;
    for (const char* type : {"Patient", "CarePlan", "QuestionnaireResponse", "Consent", "Flag", "Provenance"})
        counts[type] = total(client, std::string("/") + type);
    return counts;
}

json entry(const std::string& method, const std::string& url, const json& resource = {}) {
    json made{{"request", {{"method", method}, {"url", url}}}};
    if (!resource.is_null()) made["resource"] = resource;
    return made;
}

json bundle(const std::string& type, const std::vector<json>& entries) {
    return {{"resourceType", "Bundle"}, {"type", type}, {"entry", entries}};
}

}  // namespace

TEST_CASE("A publish is one transaction whose references are resolved") {
    Running running;
    auto gp = running.client();
    const auto reply = post(gp, transaction(first(1)));
    REQUIRE(reply.status == 200);
    const auto answer = reply.json();
    CHECK(answer["type"] == "transaction-response");
    for (const auto& each : answer["entry"]) {
        CHECK(each["response"]["status"] == "201 Created");
        CHECK(each["response"]["etag"] == "W/\"1\"");
    }
    const auto plan = gp.get("/CarePlan/" + uuid(1)).json();
    const std::string patient_reference = plan["subject"]["reference"];
    CHECK(patient_reference.starts_with("Patient/"));
    CHECK(gp.get("/" + patient_reference).status == 200);
    const auto revision = gp.get("/QuestionnaireResponse/" + uuid(1'000'001)).json();
    CHECK(revision["subject"]["reference"] == patient_reference);
}

TEST_CASE("H4: when the last entry fails nothing of a transaction is written") {
    Running running;
    auto gp = running.client();
    const auto before = everything(gp);
    auto publish = transaction(first(1));
    resource_in(publish, "CarePlan")["extension"][0]["valueInteger"] = 5;
    CHECK(post(gp, publish).status == 422);
    CHECK(everything(gp) == before);
    publish = transaction(first(1));
    entry_in(publish, "CarePlan")["request"]["ifMatch"] = "W/\"1\"";
    CHECK(post(gp, publish).status == 412);
    publish = transaction(first(1));
    publish["entry"].push_back(entry("POST", "Patient", {{"resourceType", "Patient"}, {"colour", "red"}}));
    CHECK(post(gp, publish).status == 422);
    publish = transaction(first(1));
    publish["entry"].push_back(entry("GET", "Patient/none"));
    CHECK(post(gp, publish).status == 404);
    publish = transaction(first(1));
    publish["entry"].push_back(entry("DELETE", "Patient/none"));
    CHECK(post(gp, publish).status == 405);
    publish = transaction(first(1));
    resource_in(publish, "CarePlan")["subject"]["reference"] = "urn:uuid:" + uuid(999);
    CHECK(post(gp, publish).status == 422);
    CHECK(everything(gp) == before);
    CHECK(post(gp, transaction(first(1))).status == 200);
}

TEST_CASE("A transaction takes each resource once") {
    Running running;
    auto gp = running.client();
    const json own{{"resourceType", "Patient"}, {"id", "own"}};
    CHECK(
        post(gp, bundle("transaction", {entry("PUT", "Patient/own", own), entry("PUT", "Patient/own", own)}))
            .status == 400);
    auto one = entry("POST", "Patient", patient(nhs_number(1)));
    one["fullUrl"] = "urn:uuid:" + uuid(1);
    CHECK(post(gp, bundle("transaction", {one, one})).status == 400);
    CHECK(total(gp, "/Patient") == 0);
}

TEST_CASE("A transaction honours ifNoneExist, and reads what it wrote") {
    Running running;
    auto gp = running.client();
    const auto known = gp.send("POST", "/Patient", patient(nhs_number(1))).json();
    auto publish = transaction(first(1));
    publish["entry"].push_back(entry("GET", "CarePlan?patient.identifier=" + nhs_number(1)));
    const auto reply = post(gp, publish);
    REQUIRE(reply.status == 200);
    const auto answer = reply.json();
    CHECK(answer["entry"][0]["response"]["status"] == "200 OK");
    CHECK(total(gp, "/Patient") == 1);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json()["subject"]["reference"] ==
          "Patient/" + known["id"].get<std::string>());
    CHECK(answer["entry"].back()["resource"]["entry"][0]["resource"]["id"] == uuid(1));
}

TEST_CASE("In a batch each entry stands for itself") {
    Running running;
    auto gp = running.client();
    const auto reply = post(
        gp, bundle("batch", {entry("POST", "Patient", patient(nhs_number(1))), entry("GET", "Patient/none"),
                             entry("POST", "Patient", {{"resourceType", "Patient"}, {"gender", "F"}}),
                             entry("GET", "Patient?identifier=" + nhs_number(1)),
                             entry("DELETE", "Patient/none"), json{{"resource", json::object()}}}));
    REQUIRE(reply.status == 200);
    const auto entries = reply.json()["entry"];
    std::vector<std::string> statuses;
    for (const auto& each : entries)
        statuses.push_back(each["response"]["status"].get<std::string>().substr(0, 3));
    CHECK(statuses == std::vector<std::string>{"201", "404", "422", "200", "405", "400"});
    CHECK(entries[1]["response"]["outcome"]["resourceType"] == "OperationOutcome");
    CHECK(entries[3]["resource"]["entry"].size() == 1);
}

TEST_CASE("What is no batch or transaction is refused") {
    Running running;
    auto gp = running.client();
    CHECK(post(gp, bundle("collection", {})).status == 400);
    CHECK(post(gp, patient(nhs_number(1))).status == 400);
    CHECK(post(gp, {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", 1}}).status == 400);
    CHECK(post(gp, bundle("transaction", {json{{"fullUrl", "a"}}})).status == 400);
    CHECK(post(gp, bundle("transaction", {entry("PUT", "Patient", patient(nhs_number(1)))})).status == 400);
    CHECK(post(gp, bundle("transaction", {entry("POST", "Medication", {{"resourceType", "Medication"}})}))
              .status == 404);
    CHECK(post(gp, bundle("transaction", {})).status == 200);
}
