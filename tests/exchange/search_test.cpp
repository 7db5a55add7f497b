#include <careplug/plan/nhs_number.h>

#include <catch2/catch.hpp>
#include <set>

#include "exchange_fixture.h"

using namespace exchange_test;
using careplug::test::percent_encoded;

namespace {

const std::string system_of_numbers = careplug::plan::nhs_number_system;

// A match, a near miss, a value of the wrong form (where there is one).
void check_parameter(HttpClient& client, const std::string& type, const std::string& name,
                     const std::string& match, const std::string& near_miss, std::size_t matches = 1) {
    INFO(type << "?" << name);
    CHECK(total(client, type + "?" + name + "=" + percent_encoded(match)) == matches);
    CHECK(total(client, type + "?" + name + "=" + percent_encoded(near_miss)) == 0);
    CHECK(client.get(type + "?" + name + "=").status == 400);
    CHECK(client.get(type + "?" + name + ":not=" + percent_encoded(match)).status == 400);
}

std::vector<std::string> ids(const json& bundle, const std::string& mode = "match") {
    std::vector<std::string> found;
    if (!bundle.contains("entry")) return found;
    for (const auto& entry : bundle["entry"])
        if (entry["search"]["mode"] == mode) found.push_back(entry["resource"]["id"]);
    return found;
}

std::string link(const json& bundle, const std::string& relation) {
    for (const auto& each : bundle["link"])
        if (each["relation"] == relation) return each["url"];
    return {};
}

}  // namespace

TEST_CASE("Each search parameter finds its match, passes over a near miss, and no other is taken") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    published(gp, 2);
    const std::string patient_reference = plan["subject"]["reference"],
                      patient_id = patient_reference.substr(8);
    const auto number = nhs_number(1), other = nhs_number(3);
    const auto revision = uuid(1'000'001);

    check_parameter(gp, "/Patient", "_id", patient_id, patient_id + "0");
    check_parameter(gp, "/Patient", "identifier", system_of_numbers + "|" + number,
                    system_of_numbers + "|" + other);
    check_parameter(gp, "/Patient", "identifier", number, "|" + number);
    check_parameter(gp, "/Patient", "identifier", number, "urn:other|" + number);

    for (const std::string type : {"/CarePlan", "/QuestionnaireResponse", "/Flag"}) {
        const std::size_t each = type == "/Flag" ? 2 : 1;  // the plan is there, and its first step
        check_parameter(gp, type, "subject", patient_reference, "Patient/none", each);
        check_parameter(gp, type, "patient", patient_id, "none", each);
        check_parameter(gp, type, "patient.identifier", system_of_numbers + "|" + number, number.substr(0, 9),
                        each);
        CHECK(gp.get(type + "?subject=CarePlan/" + uuid(1)).status == 400);
    }
    check_parameter(gp, "/CarePlan", "_id", uuid(1), uuid(9));
    check_parameter(gp, "/CarePlan", "identifier", "urn:x-local:careplug:plan-id|" + uuid(1), uuid(9));
    check_parameter(gp, "/CarePlan", "status", "active", "activ", 2);
    check_parameter(gp, "/CarePlan", "category", "http://snomed.info/sct|325691000000100",
                    "http://snomed.info/sct|887701000000100", 2);
    check_parameter(gp, "/QuestionnaireResponse", "_id", revision, uuid(1));
    check_parameter(gp, "/QuestionnaireResponse", "identifier", revision, uuid(1));
    check_parameter(gp, "/QuestionnaireResponse", "based-on", "CarePlan/" + uuid(1), "CarePlan/" + uuid(9));
    check_parameter(gp, "/QuestionnaireResponse", "status", "completed", "in-progress", 2);
    const auto canonical = contingency_plan().canonical();
    check_parameter(gp, "/QuestionnaireResponse", "questionnaire", canonical, canonical + "0", 2);
    check_parameter(gp, "/QuestionnaireResponse", "questionnaire", contingency_plan().url, "urn:other", 2);
    check_parameter(gp, "/Questionnaire", "url", contingency_plan().url, contingency_plan().url + "-2");
    CHECK(total(gp, "/Questionnaire?url=" + contingency_plan().url +
                        "&version=" + contingency_plan().version) == 1);
    CHECK(total(gp, "/Questionnaire?url=" + contingency_plan().url + "&version=9") == 0);
    check_parameter(gp, "/Flag", "status", "active", "inactive", 4);
    check_parameter(gp, "/Provenance", "target", "CarePlan/" + uuid(1), "CarePlan/" + uuid(9));
    check_parameter(gp, "/Provenance", "target", "CarePlan/" + uuid(1) + "/_history/1",
                    "CarePlan/" + uuid(1) + "/_history/2");

    json consent{{"resourceType", "Consent"},
                 {"id", uuid(901)},
                 {"status", "active"},
                 {"scope", {{"coding", {{{"system", "urn:scope"}, {"code", "patient-privacy"}}}}}},
                 {"category", {{{"coding", {{{"system", "http://loinc.org"}, {"code", "59284-0"}}}}}}},
                 {"patient", {{"reference", patient_reference}}}};
    REQUIRE(gp.send("PUT", "/Consent/" + uuid(901), consent).status == 201);
    check_parameter(gp, "/Consent", "patient", patient_reference, "Patient/none");
    // By the Patient's own identifier: this Consent holds none.
    check_parameter(gp, "/Consent", "patient.identifier", number, other);
    check_parameter(gp, "/Consent", "status", "active", "inactive");
    check_parameter(gp, "/Consent", "category", "59284-0", "59284-1");

    for (const char* type :
         {"Patient", "CarePlan", "QuestionnaireResponse", "Questionnaire", "Consent", "Flag", "Provenance"}) {
        const auto reply = gp.get(std::string("/") + type + "?colour=red");
        CHECK(reply.status == 400);
        CHECK(words(reply).find("colour") != std::string::npos);
    }
    CHECK(gp.get("/Patient?status=active").status == 400);
    CHECK(gp.get("/CarePlan?category=a%7Cb%7Cc").status == 400);
    CHECK(gp.get("/CarePlan?status=%zz").status == 400);
}

TEST_CASE("Values in a list are alternatives, repeated parameters all hold") {
    Running running;
    auto gp = running.client();
    for (int n = 1; n <= 3; ++n) published(gp, n);
    CHECK(total(gp, "/CarePlan?patient.identifier=" + nhs_number(1) + "," + nhs_number(3)) == 2);
    CHECK(total(gp, "/CarePlan?patient.identifier=" + nhs_number(1) +
                        "&patient.identifier=" + nhs_number(3)) == 0);
    CHECK(total(gp, "/CarePlan?patient.identifier=" + nhs_number(1) + "&status=active") == 1);
    CHECK(total(gp, "/CarePlan?patient.identifier=" + nhs_number(1) + "&status=completed") == 0);
    CHECK(total(gp, "/CarePlan?_id=" + uuid(1) + "," + uuid(2)) == 2);
    CHECK(gp.get("/CarePlan?_id=" + uuid(1) + ",").status == 400);
    CHECK(total(gp, "/CarePlan?identifier=a%5C,b") == 0);
}

TEST_CASE("A search by time") {
    Running running;
    auto gp = running.client();
    const std::string time = published(gp, 1)["meta"]["lastUpdated"];
    const auto found = [&](const std::string& value) { return total(gp, "/CarePlan?_lastUpdated=" + value); };
    CHECK(found(time) == 1);
    CHECK(found("eq" + time) == 1);
    CHECK(found("ge" + time) == 1);
    CHECK(found("le" + time) == 1);
    CHECK(found("gt" + time) == 0);
    CHECK(found("lt" + time) == 0);
    CHECK(found("ge" + time.substr(0, 10)) == 1);
    CHECK(found(time.substr(0, 10)) == 1);
    CHECK(found(time.substr(0, 4)) == 1);
    CHECK(found("gt" + time.substr(0, 10)) == 0);
    CHECK(found("lt" + time.substr(0, 10)) == 0);
    for (const char* wrong : {"sometime", "ne2026", "2026-13", "2026-02-30", "ge", "2026-11-21T25:00"})
        CHECK(gp.get(std::string("/CarePlan?_lastUpdated=") + wrong).status == 400);
}

TEST_CASE("Pages are stable, complete, and hold no identity in their links") {
    Running running;
    auto gp = running.client();
    for (int n = 1; n <= 7; ++n) published(gp, n);
    const auto found = gp.get("/CarePlan?status=active&_count=3&_total=accurate").json();
    CHECK(found["total"] == 7);
    CHECK(link(found, "self").find("status=active") != std::string::npos);
    std::vector<std::string> seen = ids(found);
    CHECK(seen.size() == 3);
    auto following = link(found, "next");
    published(gp, 8);  // comes last, so that no page shifts
    while (!following.empty()) {
        const auto page = gp.get(following.substr(running.exchange.url().size())).json();
        CHECK_FALSE(page.contains("total"));
        for (const auto& id : ids(page)) seen.push_back(id);
        following = link(page, "next");
    }
    CHECK(seen.size() == 8);
    CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 8);
    const auto person =
        gp.get("/CarePlan?patient.identifier=" + nhs_number(1) + "," + nhs_number(2) + "&_count=1").json();
    CHECK(link(person, "next").find(nhs_number(1)) == std::string::npos);
    CHECK(gp.get("/CarePlan?_cursor=unknown").status == 410);
    CHECK(gp.get("/CarePlan?_count=-1").status == 400);
    CHECK(gp.get("/CarePlan?_count=many").status == 400);
    CHECK(gp.get("/CarePlan?_total=perhaps").status == 400);
    const auto none = gp.get("/CarePlan?_count=0").json();
    CHECK(none["total"] == 8);
    CHECK_FALSE(none.contains("entry"));
}

TEST_CASE("A board of 200 people is one POST") {
    Running running;
    auto gp = running.client();
    for (int n = 0; n < 10; ++n) published(gp, n);
    std::string list;
    for (int n = 0; n < 200; ++n)
        list += (n == 0 ? "" : ",") + percent_encoded(system_of_numbers + "|" + nhs_number(n));
    const auto reply =
        gp.request("POST", "/CarePlan/_search", {{"Content-Type", "application/x-www-form-urlencoded"}},
                   "patient.identifier=" + list + "&_total=accurate&_count=250");
    REQUIRE(reply.status == 200);
    const auto found = reply.json();
    CHECK(found["total"] == 10);
    CHECK(ids(found).size() == 10);
    CHECK(link(found, "self").find("999") == std::string::npos);
    CHECK(gp.request("POST", "/CarePlan/_search", {{"Content-Type", "application/x-www-form-urlencoded"}},
                     "colour=red")
              .status == 400);
    CHECK(gp.send("POST", "/CarePlan/_search", json::object()).status == 415);
}

TEST_CASE("What points to the found and what they point to can come along") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    published(gp, 2);
    REQUIRE(post(gp, transaction(next(plan, uuid(50), "Pain"))).status == 200);
    const auto found = gp.get("/CarePlan?_id=" + uuid(1) +
                              "&_revinclude=QuestionnaireResponse:based-on&_revinclude=Provenance:target"
                              "&_include=CarePlan:subject")
                           .json();
    CHECK(ids(found) == std::vector<std::string>{uuid(1)});
    std::map<std::string, int> included;
    for (const auto& entry : found["entry"])
        if (entry["search"]["mode"] == "include") ++included[entry["resource"]["resourceType"]];
    CHECK(included ==
          std::map<std::string, int>{{"Patient", 1}, {"QuestionnaireResponse", 2}, {"Provenance", 2}});
    CHECK(gp.get("/Patient?_revinclude=Flag:subject").status == 200);
    for (const char* wrong :
         {"_revinclude=CarePlan:status", "_revinclude=Nothing:at", "_revinclude=based-on",
          "_revinclude=Flag:subject", "_include=Flag:subject", "_include=CarePlan:colour"})
        CHECK(gp.get(std::string("/CarePlan?") + wrong).status == 400);
}
