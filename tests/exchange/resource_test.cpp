#include <catch2/catch.hpp>

#include "exchange_fixture.h"

using namespace exchange_test;

TEST_CASE("Create, read, version read, update and history") {
    Running running;
    auto gp = running.client();
    const auto created = gp.send("POST", "/Patient", patient(nhs_number(1)));
    REQUIRE(created.status == 201);
    CHECK(created.header("ETag") == "W/\"1\"");
    CHECK_FALSE(created.header("Last-Modified").empty());
    auto body = created.json();
    const std::string id = body["id"];
    CHECK(created.header("Location") == running.exchange.url() + "/Patient/" + id + "/_history/1");
    CHECK(body["meta"]["versionId"] == "1");
    CHECK(gp.get("/Patient/" + id).json() == body);
    CHECK(gp.get("/Patient/" + id, {{"If-None-Match", "W/\"1\""}}).status == 304);

    body["name"][0]["family"] = "Birch";
    const auto updated = gp.send("PUT", "/Patient/" + id, body, {{"If-Match", "W/\"1\""}});
    CHECK(updated.status == 200);
    CHECK(updated.header("ETag") == "W/\"2\"");
    CHECK(gp.get("/Patient/" + id + "/_history/1").json()["name"][0]["family"] == "Ashe");
    CHECK(gp.get("/Patient/" + id + "/_history/2").json()["name"][0]["family"] == "Birch");
    CHECK(gp.get("/Patient/" + id + "/_history/3").status == 404);
    CHECK(gp.get("/Patient/" + id + "/_history/x").status == 404);
    const auto history = gp.get("/Patient/" + id + "/_history").json();
    REQUIRE(history["entry"].size() == 2);
    CHECK(history["type"] == "history");
    CHECK(history["entry"][0]["resource"]["meta"]["versionId"] == "2");
    CHECK(gp.get("/Patient/none/_history").status == 404);
    CHECK(gp.get("/Patient/none").status == 404);
}

TEST_CASE("H5: an update needs the version that was read") {
    Running running;
    auto gp = running.client();
    auto body = gp.send("POST", "/Patient", patient(nhs_number(1))).json();
    const std::string path = "/Patient/" + body["id"].get<std::string>();
    body["name"][0]["family"] = "Birch";
    CHECK(gp.send("PUT", path, body).status == 412);
    CHECK(gp.send("PUT", path, body, {{"If-Match", "W/\"2\""}}).status == 412);
    CHECK(gp.send("PUT", path, body, {{"If-Match", "*"}}).status == 412);
    CHECK(gp.get(path).json()["meta"]["versionId"] == "1");
    CHECK(gp.send("PUT", path, body, {{"If-Match", "W/\"1\""}}).status == 200);
    CHECK(gp.send("PUT", path, body, {{"If-Match", "W/\"1\""}}).status == 412);

    auto own = patient(nhs_number(2));
    own["id"] = "own-id";
    CHECK(gp.send("PUT", "/Patient/own-id", own, {{"If-Match", "W/\"1\""}}).status == 412);
    CHECK(gp.send("PUT", "/Patient/own-id", own).status == 201);
}

TEST_CASE("A conditional create finds what is there") {
    Running running;
    auto gp = running.client();
    const auto condition = "identifier=https://fhir.nhs.uk/Id/nhs-number|" + nhs_number(1);
    const auto create = [&](const std::string& if_none_exist) {
        return gp.send("POST", "/Patient", patient(nhs_number(1)), {{"If-None-Exist", if_none_exist}});
    };
    const auto made = create(condition);
    CHECK(made.status == 201);
    const auto again = create(condition);
    CHECK(again.status == 200);
    CHECK(again.json()["id"] == made.json()["id"]);
    CHECK(total(gp, "/Patient") == 1);
    CHECK(create("colour=red").status == 400);
    CHECK(create("_count=1").status == 400);
    CHECK(gp.send("POST", "/Patient", patient(nhs_number(1))).status == 201);
    CHECK(create(condition).status == 412);
    CHECK(total(gp, "/Patient") == 2);
}

TEST_CASE("History of a type, since a time and in pages") {
    Running running;
    auto gp = running.client();
    for (int n = 1; n <= 5; ++n) published(gp, n);
    auto page = gp.get("/CarePlan/_history?_count=2").json();
    std::vector<std::string> seen;
    for (int pages = 0; pages < 5; ++pages) {
        for (const auto& entry : page["entry"]) seen.push_back(entry["resource"]["id"]);
        std::string following;
        for (const auto& link : page["link"])
            if (link["relation"] == "next") following = link["url"];
        if (following.empty()) break;
        page = gp.get(following.substr(running.exchange.url().size())).json();
    }
    CHECK(seen == std::vector<std::string>{uuid(5), uuid(4), uuid(3), uuid(2), uuid(1)});
    const std::string third = gp.get("/CarePlan/" + uuid(3)).json()["meta"]["lastUpdated"];
    const auto since = gp.get("/CarePlan/_history?_since=" + careplug::test::percent_encoded(third)).json();
    CHECK(since["entry"].size() == 3);
    CHECK_FALSE(gp.get("/CarePlan/_history?_since=2100-01-01").json().contains("entry"));
    CHECK(gp.get("/CarePlan/_history?_since=yesterday").status == 400);
    CHECK(gp.get("/CarePlan/_history?colour=red").status == 400);
    CHECK(gp.get("/QuestionnaireResponse/_history?_since=2020-01-01").json()["entry"].size() == 5);
}

TEST_CASE("Wrong input has the right status and leaves nothing behind") {
    Running running;
    auto gp = running.client();
    const Headers fhir{{"Content-Type", "application/fhir+json"}};
    const auto refused = [&](int status, const Reply& reply) {
        INFO(reply.body);
        CHECK(reply.status == status);
        CHECK(reply.json()["resourceType"] == "OperationOutcome");
    };
    refused(400, gp.request("POST", "/Patient", fhir, "{\"resourceType\": \"Patient\""));
    refused(400, gp.request("POST", "/Patient", fhir, ""));
    refused(400, gp.request("POST", "/Patient", fhir, "[]"));
    refused(400,
            gp.request("POST", "/Patient", fhir, "{\"resourceType\":\"Patient\",\"gender\":\"\xff\xfe\"}"));
    refused(400, gp.request("POST", "/Patient", fhir, R"({"resourceType":"Patient","id":"a","id":"b"})"));
    refused(400, gp.request("POST", "/Patient", fhir, std::string(100'000, '[') + std::string(100'000, ']')));
    std::string deep = "1";
    for (int level = 0; level < 200; ++level) deep = "{\"extension\":[" + deep + "]}";
    refused(400, gp.request("POST", "/Patient", fhir,
                            "{\"resourceType\":\"Patient\",\"extension\":[" + deep + "]}"));
    refused(415, gp.request("POST", "/Patient", {{"Content-Type", "text/xml"}}, "<Patient/>"));
    refused(400, gp.send("POST", "/Patient", {{"resourceType", "CarePlan"}}));
    refused(400, gp.send("PUT", "/Patient/one", {{"resourceType", "Patient"}, {"id", "two"}}));
    refused(400, gp.send("PUT", "/Patient/a%20b", {{"resourceType", "Patient"}, {"id", "a b"}}));
    refused(404, gp.get("/Medication/1"));
    refused(404, gp.send("POST", "/Medication", {{"resourceType", "Medication"}}));
    refused(404, gp.get("/Patient/1/2/3/4"));
    refused(405, gp.request("DELETE", "/Patient/1"));
    refused(405, gp.send("PATCH", "/Patient/1", json::array()));
    refused(405, gp.send("PUT", "/Questionnaire/contingency-plan-1.0.0",
                         {{"resourceType", "Questionnaire"}, {"id", "contingency-plan-1.0.0"}}));
    refused(422, gp.send("POST", "/Patient", {{"resourceType", "Patient"}, {"birthDate", 1944}}));
    refused(422, gp.send("POST", "/Patient", {{"resourceType", "Patient"}, {"name", nullptr}}));
    refused(422, gp.send("POST", "/Patient", {{"resourceType", "Patient"}, {"colour", "red"}}));
    refused(422, gp.send("POST", "/Patient", {{"resourceType", "Patient"}, {"gender", "F"}}));
    refused(422, gp.send("POST", "/Patient", patient("9990000000")));
    refused(422, gp.send("POST", "/Patient", patient("999 000 0018")));
    refused(422, gp.send("POST", "/Patient", patient("999000001")));
    refused(422, gp.send("POST", "/Consent", {{"resourceType", "Consent"}, {"status", "active"}}));
    CHECK(total(gp, "/Patient") == 0);
    CHECK(total(gp, "/Provenance") == 0);
}

TEST_CASE("A body of more than 10 MB is refused") {
    Running running;
    auto gp = running.client();
    const std::string long_text(10 * 1024 * 1024, 'x');
    int status = 0;
    try {
        status = gp.request("POST", "/Patient", {{"Content-Type", "application/fhir+json"}},
                            "{\"resourceType\":\"Patient\",\"language\":\"" + long_text + "\"}")
                     .status;
    } catch (const std::exception&) {
        status = 413;  // the exchange may close the connection before it read all of it
    }
    CHECK(status == 413);
    auto other = running.client();
    CHECK(total(other, "/Patient") == 0);
}

TEST_CASE("Text comes back as it was written") {
    Running running;
    auto gp = running.client();
    const std::string difficult =
        "\xF0\x9F\x9A\x91 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D e\xCC\x81 <script>alert('x')</script> \"&\\ .";
    auto body = patient(nhs_number(1), difficult);
    const auto created = gp.send("POST", "/Patient", body).json();
    const auto read = gp.get("/Patient/" + created["id"].get<std::string>()).json();
    CHECK(read["name"][0]["family"] == difficult);

    auto publish = first(2);
    publish.content = answers(publish.number, difficult);
    REQUIRE(post(gp, transaction(publish)).status == 200);
    const auto revision = gp.get("/QuestionnaireResponse/" + publish.revision_id);
    CHECK(revision.body.find("<script>") != std::string::npos);
    CHECK(revision.json().dump().find(json(difficult).dump()) != std::string::npos);
    CHECK(revision.header("Content-Type").starts_with("application/fhir+json"));
}

TEST_CASE("The CapabilityStatement lists what is there") {
    Running running;
    HttpClient anyone(running.exchange.url());
    const auto statement = anyone.get("/metadata").json();
    CHECK(statement["resourceType"] == "CapabilityStatement");
    CHECK(statement["fhirVersion"] == "4.0.1");
    auto gp = running.client();
    auto officer = running.client("privacy_officer");
    for (const auto& resource : statement["rest"][0]["resource"]) {
        const std::string type = resource["type"];
        auto& reader = type == "AuditEvent" || type == "Communication" ? officer : gp;
        CHECK(reader.get("/" + type).status == 200);
        for (const auto& parameter : resource["searchParam"]) {
            const std::string name = parameter["name"], kind = parameter["type"];
            const std::string target = type == "Provenance" ? "CarePlan/a" : "a";
            INFO(type << " " << name);
            CHECK(reader
                      .get("/" + type + "?" + name + "=" +
                           (kind == "date"        ? "ge2026"
                            : kind == "reference" ? target
                                                  : "a"))
                      .status == 200);
        }
    }
}
