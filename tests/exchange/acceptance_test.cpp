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
    made.accepted.revision = revision;
    made.when = "2026-11-21T14:02:11Z";
    return fhir::write_acceptance(made);
}

json note(const json& care_plan, const std::string& id) {
    const auto by = actor("ooh_clinician");
    return {{"resourceType", "QuestionnaireResponse"},
            {"id", id},
            {"extension", {{{"url", "urn:x-local:careplug:organisation"}, {"valueString", by.organisation}}}},
            {"identifier", {{"system", "urn:x-local:careplug:contact-id"}, {"value", id}}},
            {"basedOn", {{{"reference", "CarePlan/" + care_plan["id"].get<std::string>()}}}},
            {"questionnaire", "urn:x-local:careplug:Questionnaire:urgent-care-contact|1.0.0"},
            {"status", "completed"},
            {"subject", care_plan["subject"]},
            {"authored", "2026-11-21T20:00:00Z"},
            {"author", {{"display", by.words()}}},
            {"item", json::parse(R"([{"linkId": "evt", "item": [{"linkId": "evt.note", "item": [
                {"linkId": "evt.note.$row", "answer": [{"valueString": "row-1"}]},
                {"linkId": "evt.note.when", "answer": [{"valueDateTime": "2026-11-21T20:00:00Z"}]},
                {"linkId": "evt.note.text", "answer": [{"valueString": "Seen at home."}]}]}]}])")}};
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
    CHECK(fhir::read_acceptance(gp.get(path_of(task)).json()).accepted.revision == 1);

    const auto second = transaction(next(plan, uuid(50), "Tired"));
    REQUIRE(post(gp, second).status == 200);
    const auto more = acceptance(plan, own, 2);
    CHECK(gp.send("PUT", path_of(more), more, {{"If-Match", "W/\"1\""}}).status == 200);
    CHECK(gp.send("PUT", path_of(task), task, {{"If-Match", "W/\"2\""}}).status == 422);
}

TEST_CASE(
    "H2: an organisation accepts no state that is not there yet, no note of another plan, and takes no note "
    "back") {
    Running running;
    auto gp = running.client();
    auto doctor = running.client("ooh_clinician");
    const auto plan = published(gp, 1);
    const auto other = published(gp, 2);
    REQUIRE(doctor.send("PUT", "/QuestionnaireResponse/" + uuid(80), note(plan, uuid(80))).status == 201);
    REQUIRE(doctor.send("PUT", "/QuestionnaireResponse/" + uuid(81), note(other, uuid(81))).status == 201);
    const std::string own = actor().organisation;
    const auto put = [&](const fhir::Accepted& accepted, const std::string& version) {
        auto made = fhir::read_acceptance(acceptance(plan, own, 1));
        made.accepted = accepted;
        const auto task = fhir::write_acceptance(made);
        if (version.empty()) return gp.send("PUT", path_of(task), task);
        return gp.send("PUT", path_of(task), task, {{"If-Match", "W/\"" + version + "\""}});
    };
    CHECK(put({0, 2, {}}, "").status == 422);
    CHECK(put({0, 1, {uuid(81)}}, "").status == 422);
    CHECK(put({0, 1, {uuid(99)}}, "").status == 422);
    CHECK(put({0, 1, {plan["supportingInfo"][0]["identifier"]["value"]}}, "").status == 422);
    // A state alone, of a plan that may not be shown; then all of it.
    REQUIRE(put({0, 1, {}}, "").status == 201);
    REQUIRE(put({1, 1, {uuid(80)}}, "1").status == 200);
    CHECK(put({1, 1, {}}, "2").status == 422);
    CHECK(put({1, 0, {uuid(80)}}, "2").status == 422);
    CHECK(put({0, 1, {uuid(80)}}, "2").status == 422);
}

TEST_CASE(
    "H2: who changed a plan's state or left a note is named with their own organisation, or not at all") {
    Running running;
    auto gp = running.client();
    auto doctor = running.client("ooh_clinician");
    const auto plan = published(gp, 1);
    const std::string path = "/QuestionnaireResponse/" + uuid(80);
    auto forged = note(plan, uuid(80));
    forged["extension"][0]["valueString"] = "Y99999";
    CHECK(doctor.send("PUT", path, forged).status == 422);
    forged = note(plan, uuid(80));
    forged["author"]["display"] = "Dr Somebody Else";
    CHECK(doctor.send("PUT", path, forged).status == 422);
    REQUIRE(doctor.send("PUT", path, note(plan, uuid(80))).status == 201);
    auto moved = note(plan, uuid(80));
    moved.erase("extension");
    CHECK(doctor.send("PUT", path, moved, {{"If-Match", "W/\"1\""}}).status == 422);

    // Whoever looks after the plan learns who left a note before the record is opened, and not what it says.
    const std::string search =
        "/QuestionnaireResponse?questionnaire=urn:x-local:careplug:Questionnaire:"
        "urgent-care-contact&status=completed";
    auto stranger = running.stranger("gp", false, "stranger");
    const auto told = stranger.get(search).json()["entry"][0]["resource"];
    CHECK(told["author"]["display"] == actor("ooh_clinician").words());
    CHECK(fhir::read_contact_header(told).organisation == actor().organisation);
    CHECK_FALSE(told.contains("item"));
    auto passing = running.stranger("ooh_clinician", false, "stranger");
    CHECK_FALSE(passing.get(search).json()["entry"][0]["resource"].contains("author"));

    const auto suspension = [&](const std::string& organisation) {
        auto by = actor();
        by.organisation = organisation;
        const auto before = careplug::plan::fhir::read_plan(contingency_plan(), gp.get(path_of(plan)).json());
        return fhir::status_transaction(
            contingency_plan(), before,
            {careplug::plan::PlanAct::suspend, by, "2026-11-21T15:00:00Z", "2026-11-20", "", "2026-11-21"});
    };
    CHECK(post(gp, suspension("Y99999")).status == 422);
    REQUIRE(post(gp, suspension(actor().organisation)).status == 200);
    const auto suspended = careplug::plan::fhir::read_plan(contingency_plan(), gp.get(path_of(plan)).json());
    CHECK(suspended.status_organisation == actor().organisation);
    CHECK(suspended.status_by == actor().words());
}

TEST_CASE("H2: a new revision says nothing of a change of state that came before it") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    auto bundle = transaction(next(plan, uuid(50), "Tired"));
    auto& care_plan = resource_in(bundle, "CarePlan");
    care_plan["extension"].push_back(
        {{"url", "urn:x-local:careplug:status-organisation"}, {"valueString", actor().organisation}});
    CHECK(post(gp, bundle).status == 422);
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
