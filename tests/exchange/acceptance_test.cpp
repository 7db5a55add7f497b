// Tasks by which an organisation accepts what others changed, and what the demographics feed alone may say.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace fhir = careplug::plan::fhir;

namespace {

json acceptance(const json& care_plan, const std::string& organisation, std::uint32_t revision) {
    fhir::Acceptance made;
    made.plan_id = care_plan["id"];
    made.patient_reference = care_plan["subject"]["reference"];
    made.nhs_number = care_plan["subject"]["identifier"]["value"];
    made.organisation = organisation;
    made.revision = revision;
    made.when = "2026-11-21T14:02:11Z";
    return fhir::write_acceptance(made);
}

std::string path_of(const json& resource) {
    return "/" + resource["resourceType"].get<std::string>() + "/" + resource["id"].get<std::string>();
}

}  // namespace

TEST_CASE("H2: an organisation accepts for itself, no further than the plan goes, and takes nothing back") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    const std::string own = actor().organisation;
    const auto task = acceptance(plan, own, 1);
    auto nurse = running.client("ooh_clinician");
    CHECK(nurse.send("PUT", path_of(task), task).status == 403);
    const auto other = acceptance(plan, "Y99999", 1);
    CHECK(gp.send("PUT", path_of(other), other).status == 422);
    const auto ahead = acceptance(plan, own, 2);
    CHECK(gp.send("PUT", path_of(ahead), ahead).status == 422);
    auto misplaced = task;
    misplaced["id"] = uuid(9);
    CHECK(gp.send("PUT", path_of(misplaced), misplaced).status == 422);
    auto of_another = task;
    of_another["for"]["identifier"]["value"] = nhs_number(2);
    CHECK(gp.send("PUT", path_of(of_another), of_another).status == 422);
    REQUIRE(gp.send("PUT", path_of(task), task).status == 201);
    CHECK(total(gp, "/Task?_id=" + task["id"].get<std::string>()) == 1);
    CHECK(fhir::read_acceptance(gp.get(path_of(task)).json()).revision == 1);

    const auto second = transaction(next(plan, uuid(50), "Tired"));
    REQUIRE(post(gp, second).status == 200);
    const auto more = acceptance(plan, own, 2);
    CHECK(gp.send("PUT", path_of(more), more, {{"If-Match", "W/\"1\""}}).status == 200);
    CHECK(gp.send("PUT", path_of(task), task, {{"If-Match", "W/\"2\""}}).status == 422);
}

TEST_CASE("H1: the demographics feed alone says which number superseded which, and who is restricted") {
    Running running;
    auto gp = running.client();
    auto feed = running.client("system");
    const auto before = gp.send("POST", "/Patient", patient(nhs_number(1))).json();
    const auto now = feed.send("POST", "/Patient", patient(nhs_number(2))).json();
    auto linked = before;
    linked["link"] = {{{"other", {{"reference", path_of(now).substr(1)}}}, {"type", "replaced-by"}}};
    const Headers at_first{{"If-Match", "W/\"1\""}};
    CHECK(gp.send("PUT", path_of(before), linked, at_first).status == 403);
    auto restricted = before;
    restricted["meta"]["security"] = {{{"code", "R"}}};
    CHECK(gp.send("PUT", path_of(before), restricted, at_first).status == 403);
    auto astray = linked;
    astray["link"][0]["other"]["reference"] = "Patient/nobody";
    CHECK(feed.send("PUT", path_of(before), astray, at_first).status == 422);
    auto odd = linked;
    odd["link"][0]["type"] = "seealso";
    CHECK(feed.send("PUT", path_of(before), odd, at_first).status == 422);
    CHECK(feed.send("PUT", path_of(before), linked, at_first).status == 200);
    // Who edits goes on being able to correct the name, and takes the link away from nobody.
    auto renamed = linked;
    renamed["name"][0]["family"] = "Birch";
    CHECK(gp.send("PUT", path_of(before), renamed, {{"If-Match", "W/\"2\""}}).status == 200);
    CHECK(gp.send("PUT", path_of(before), before, {{"If-Match", "W/\"3\""}}).status == 403);

    // No plan begins under a number that was superseded, and no second one under the number of now.
    auto publish = first(1);
    publish.patient_reference = path_of(before).substr(1);
    CHECK(post(gp, transaction(publish)).status == 422);
}

TEST_CASE("H1: a person whose plan was written under an earlier number gets no second one") {
    Running running;
    auto gp = running.client();
    auto feed = running.client("system");
    const auto plan = published(gp, 1);
    const std::string before = plan["subject"]["reference"];
    const auto now = feed.send("POST", "/Patient", patient(nhs_number(2))).json();
    auto old_one = feed.get("/" + before).json();
    old_one["link"] = {{{"other", {{"reference", path_of(now).substr(1)}}}, {"type", "replaced-by"}}};
    REQUIRE(feed.send("PUT", "/" + before, old_one, {{"If-Match", "W/\"1\""}}).status == 200);
    auto new_one = now;
    new_one["link"] = {{{"other", {{"reference", before}}}, {"type", "replaces"}}};
    REQUIRE(feed.send("PUT", path_of(now), new_one, {{"If-Match", "W/\"1\""}}).status == 200);
    auto second = first(2);
    second.patient_reference = path_of(now).substr(1);
    CHECK(post(gp, transaction(second)).status == 409);
    // The plan that is there goes on under the number that it was written for.
    CHECK(post(gp, transaction(next(plan, uuid(51), "Tired"))).status == 200);
}
