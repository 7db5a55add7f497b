// Rules of the exchange that hold a hazard, each met by what it alone refuses.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;

namespace {

Reply put(HttpClient& client, const json& resource, const std::string& version = {}) {
    const std::string path =
        "/" + resource["resourceType"].get<std::string>() + "/" + resource["id"].get<std::string>();
    if (version.empty()) return client.send("PUT", path, resource);
    return client.send("PUT", path, resource, {{"If-Match", "W/\"" + version + "\""}});
}

// The next revision of a plan, of which something was changed.
Reply post_changed(HttpClient& client, const json& care_plan, const std::string& type,
                   const std::function<void(json&)>& change) {
    auto bundle = transaction(next(care_plan, uuid(50), "Pain"));
    change(resource_in(bundle, type));
    return post(client, bundle);
}

}  // namespace

TEST_CASE("H1: a subject with the number of another person than its Patient is refused") {
    Running running;
    auto gp = running.client();
    auto bundle = transaction(first(1));
    published(gp, 1);
    auto flag = resource_in(bundle, "Flag");
    flag["id"] = "a-flag";
    flag["subject"] = gp.get("/CarePlan/" + uuid(1)).json()["subject"];
    REQUIRE(put(gp, flag).status == 201);
    flag["id"] = "another";
    flag["subject"]["identifier"]["value"] = nhs_number(2);
    const auto refused = put(gp, flag);
    CHECK(refused.status == 422);
    CHECK(words(refused).find("not that of the Patient") != std::string::npos);
}

TEST_CASE("H1: a Patient never gets another NHS number") {
    Running running;
    auto gp = running.client();
    auto made = gp.send("POST", "/Patient", patient(nhs_number(3)));
    REQUIRE(made.status == 201);
    auto changed = made.json();
    changed["identifier"] = patient(nhs_number(4))["identifier"];
    const auto refused = put(gp, changed, "1");
    CHECK(refused.status == 422);
    CHECK(words(refused).find("never changes") != std::string::npos);
}

TEST_CASE("H1: a plan never changes its person") {
    Running running;
    auto gp = running.client();
    const auto mine = published(gp, 1);
    const std::string another = gp.send("POST", "/Patient", patient(nhs_number(2))).json()["id"];
    auto bundle = transaction(next(mine, uuid(50), "Pain"));
    for (const char* type : {"CarePlan", "QuestionnaireResponse"}) {
        auto& subject = resource_in(bundle, type)["subject"];
        subject["reference"] = "Patient/" + another;
        subject["identifier"]["value"] = nhs_number(2);
    }
    const auto refused = post(gp, bundle);
    CHECK(refused.status == 422);
    CHECK(words(refused).find("The subject of a plan never changes") != std::string::npos);
}

TEST_CASE("H1: a plan never points to the revision of another person") {
    Running running;
    auto gp = running.client();
    const auto mine = published(gp, 1);
    const auto other = published(gp, 2)["subject"];
    const auto refused =
        post_changed(gp, mine, "QuestionnaireResponse", [&](json& response) { response["subject"] = other; });
    CHECK(refused.status == 422);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == mine);
}

TEST_CASE("H7: a plan never points to a draft") {
    Running running;
    auto gp = running.client();
    const auto mine = published(gp, 1);
    const auto refused = post_changed(gp, mine, "QuestionnaireResponse", [](json& response) {
        response = plan::fhir::with_revision_status(response, plan::RevisionStatus::draft);
    });
    CHECK(refused.status == 422);
    CHECK(words(refused).find("points to a published revision") != std::string::npos);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == mine);
}

TEST_CASE("H8: the consent of a plan never changes beside the plan") {
    Running running;
    auto gp = running.client();
    auto bundle = transaction(first(1));
    const auto mine = published(gp, 1);
    json consent{{"resourceType", "Consent"},
                 {"id", uuid(1)},
                 {"status", "inactive"},
                 {"scope", {{"text", "Sharing"}}},
                 {"category", {{{"text", "Sharing"}}}},
                 {"patient", mine["subject"]}};
    const auto refused = put(gp, consent);
    INFO(refused.body);
    CHECK(refused.status == 422);
    CHECK(words(refused).find("together with the plan") != std::string::npos);
}

TEST_CASE("H9: who may not see plans reads nothing, by whatever address") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    auto researcher = running.client("researcher");
    for (const std::string& path :
         {"/CarePlan/" + uuid(1), std::string("/CarePlan?status=active"), std::string("/CarePlan/_history"),
          "/QuestionnaireResponse/" + uuid(1'000'001)}) {
        INFO(path);
        CHECK(researcher.get(path).status == 403);
    }
}
