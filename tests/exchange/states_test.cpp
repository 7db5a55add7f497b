#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;

namespace {

using Status = plan::RevisionStatus;

plan::Actor nurse_actor(const std::string& subject = "nurse") {
    auto made = actor("district_nurse");
    made.subject = subject;
    return made;
}

json revision(const json& care_plan, const std::string& id, const std::string& signs, Status status,
              const plan::Actor& author) {
    auto made = next(care_plan, id, signs);
    made.author = author;
    auto bundle = transaction(made);
    return plan::fhir::with_revision_status(resource_in(bundle, "QuestionnaireResponse"), status);
}

Reply put(HttpClient& client, json resource, const std::string& version = {}) {
    const std::string path =
        resource["resourceType"].get<std::string>() + "/" + resource["id"].get<std::string>();
    resource.erase("meta");
    if (version.empty()) return client.send("PUT", "/" + path, resource);
    return client.send("PUT", "/" + path, resource, {{"If-Match", "W/\"" + version + "\""}});
}

std::string version_of(HttpClient& client, const std::string& reference) {
    return client.get("/" + reference).json()["meta"]["versionId"];
}

// What the person of this role does to the plan, by the clinical core's own transaction.
Reply change(HttpClient& client, const plan::Actor& by, plan::PlanAct act,
             const std::function<void(json&)>& spoil = {}) {
    const auto read = client.get("/CarePlan/" + uuid(1)).json();
    const auto before = plan::fhir::read_plan(contingency_plan(), read);
    auto bundle = plan::fhir::status_transaction(
        contingency_plan(), before,
        {act, by, "2026-11-21T15:00:00Z", "2026-11-20", "Wrong person", "2026-11-21"});
    if (spoil) spoil(resource_in(bundle, "CarePlan"));
    return post(client, bundle);
}

std::string status_of_plan(HttpClient& client) {
    return client.get("/CarePlan/" + uuid(1)).json()["status"];
}

void erase_extension(json& care_plan, const std::string& name) {
    json kept = json::array();
    for (const auto& each : care_plan["extension"])
        if (each["url"] != "urn:x-local:careplug:" + name) kept.push_back(each);
    care_plan["extension"] = kept;
}

}  // namespace

TEST_CASE("H7: a draft is its author's, and is not the plan") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    auto nurse = running.client("district_nurse", false, "nurse");
    const auto draft = [&](const std::string& signs) {
        return revision(plan, uuid(70), signs, Status::draft, nurse_actor());
    };
    auto ae = running.client("ae_clinician");
    CHECK(put(ae, draft("Pain")).status == 403);
    auto forged = running.client("district_nurse", false, "somebody else");
    REQUIRE(put(nurse, draft("Pain")).status == 201);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
    auto bundle = transaction(next(plan, uuid(70), "Pain"));
    CHECK(put(gp, resource_in(bundle, "CarePlan"), "1").status == 422);
    CHECK(put(forged, draft("Pain and fever"), "1").status == 403);
    // Named as somebody else, by the same words.
    auto wrong = draft("Pain");
    wrong["id"] = uuid(72);
    wrong["identifier"]["value"] = uuid(72);
    CHECK(put(forged, wrong).status == 422);
    CHECK(put(nurse, draft("Pain and fever"), "1").status == 200);
    auto mine = plan::fhir::with_revision_status(draft("Pain and fever"), Status::published);
    CHECK(put(nurse, mine, "2").status == 403);
    CHECK(put(gp, mine, "2").status == 403);
}

TEST_CASE("H7: what was submitted is frozen, and only an approver or its author moves it") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    auto nurse = running.client("district_nurse", false, "nurse");
    auto other = running.client("district_nurse", false, "another");
    const std::string reference = "QuestionnaireResponse/" + uuid(70);
    const auto submitted = revision(plan, uuid(70), "Pain", Status::submitted, nurse_actor());
    // Incomplete is no obstacle: what is required is asked at publish.
    auto incomplete = next(plan, uuid(71), "Pain");
    incomplete.author = nurse_actor();
    incomplete.content.clear("worse.signs");
    auto incomplete_bundle = transaction(incomplete);
    CHECK(put(nurse, plan::fhir::with_revision_status(resource_in(incomplete_bundle, "QuestionnaireResponse"),
                                                      Status::submitted))
              .status == 201);
    // In somebody else's name it is refused.
    CHECK(put(gp, submitted).status == 422);
    REQUIRE(put(nurse, submitted).status == 201);
    opens(gp, nhs_number(1));
    opens(other, nhs_number(1), "another");
    const auto moved = [&](HttpClient& client, Status to) {
        return put(client, plan::fhir::with_revision_status(client.get("/" + reference).json(), to),
                   version_of(client, reference));
    };
    SECTION("its items never change") {
        auto changed = revision(plan, uuid(70), "Fever", Status::submitted, nurse_actor());
        const auto reply = put(nurse, changed, "1");
        CHECK(reply.status == 422);
        CHECK(words(reply).find("never changes") != std::string::npos);
    }
    SECTION("its author cannot approve or publish it, and is told who can") {
        const auto reply = moved(nurse, Status::approved);
        CHECK(reply.status == 403);
        CHECK(words(reply).find("GP") != std::string::npos);
        CHECK(moved(nurse, Status::published).status == 403);
        CHECK(moved(other, Status::withdrawn).status == 403);
        CHECK(moved(other, Status::draft).status == 403);
    }
    SECTION("an approver approves it, and what was withdrawn stays withdrawn") {
        CHECK(moved(gp, Status::published).status == 422);
        CHECK(moved(gp, Status::approved).status == 200);
        CHECK(total(gp, "/Provenance?target=" + reference) == 2);
        CHECK(moved(gp, Status::submitted).status == 422);
        CHECK(moved(nurse, Status::withdrawn).status == 200);
        CHECK(moved(gp, Status::approved).status == 422);
        CHECK(moved(gp, Status::draft).status == 422);
    }
    SECTION("sent back it is its author's draft again") {
        CHECK(moved(gp, Status::draft).status == 200);
        CHECK(gp.get("/" + reference).status == 404);
        const auto version = version_of(nurse, reference);
        CHECK(put(gp, revision(plan, uuid(70), "Fever", Status::draft, nurse_actor()), version).status ==
              403);
        CHECK(put(nurse, revision(plan, uuid(70), "Fever", Status::draft, nurse_actor()), version).status ==
              200);
    }
    SECTION("its status and its state may not contradict each other") {
        auto wrong = gp.get("/" + reference).json();
        wrong["status"] = "completed";
        CHECK(put(gp, wrong, "1").status == 422);
    }
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
}

TEST_CASE("Who approves completes what was submitted: the recorder stays, the endorser is named") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    auto nurse = running.client("district_nurse", false, "nurse");
    const std::string reference = "/QuestionnaireResponse/" + uuid(70);
    REQUIRE(put(nurse, revision(plan, uuid(70), "Pain", Status::submitted, nurse_actor())).status == 201);
    opens(gp, nhs_number(1));
    auto completed = next(plan, uuid(80), "Pain and fever");
    const auto before = plan::fhir::read_plan(contingency_plan(), plan);
    plan::fhir::Revision second{uuid(80), uuid(1), actor(), "2026-11-21T16:00:00Z", completed.content};
    second.completes = plan::fhir::read_submission(gp.get(reference).json());
    const auto bundle = plan::fhir::publish_transaction(
        contingency_plan(), second,
        {completed.number, "Ashe", "Iris", "1944-06-19", "female", "", completed.patient_reference}, &before,
        "2026-11-21");
    auto spoiled = json::parse(bundle.dump());
    resource_in(spoiled, "QuestionnaireResponse")["author"]["display"] = actor().words();
    CHECK(post(gp, spoiled).status == 422);
    auto nobody = running.client("district_nurse", false, "nurse");
    CHECK(post(nobody, bundle).status == 403);
    const auto reply = post(gp, bundle);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    const auto now = plan::fhir::read_plan(contingency_plan(), gp.get("/CarePlan/" + uuid(1)).json());
    CHECK(now.author == nurse_actor().words());
    CHECK(now.approver == actor().words());
    CHECK(now.revision_id == uuid(80));
    CHECK(plan::fhir::revision_status_of(gp.get(reference).json()) == Status::approved);
    // The same submission cannot be approved twice.
    CHECK(post(gp, bundle).status == 412);
}

TEST_CASE("H8, H13: each change of a plan's status is refused to who may not, and from where it cannot be") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    using plan::PlanAct;
    auto nurse = running.client("district_nurse", false, "nurse");
    auto ae = running.client("ae_clinician", false, "sister");
    auto ae_actor = actor("ae_clinician");
    ae_actor.subject = "sister";
    const auto refused = change(ae, ae_actor, PlanAct::suspend);
    CHECK(refused.status == 403);
    CHECK(words(refused).find("can.") != std::string::npos);
    CHECK(change(nurse, nurse_actor(), PlanAct::enter_in_error).status == 403);
    REQUIRE(change(nurse, nurse_actor(), PlanAct::suspend).status == 200);
    CHECK(status_of_plan(gp) == "on-hold");
    CHECK(change(nurse, nurse_actor(), PlanAct::reopen).status == 403);
    REQUIRE(change(gp, actor(), PlanAct::reopen).status == 200);
    CHECK(status_of_plan(gp) == "active");

    CHECK(change(ae, ae_actor, PlanAct::close, [](json& each) {
              erase_extension(each, "status-since");
          }).status == 422);
    CHECK(change(ae, ae_actor, PlanAct::close, [](json& each) {
              erase_extension(each, "status-date");
          }).status == 422);
    CHECK(change(ae, actor(), PlanAct::close).status == 422);  // in somebody else's name
    CHECK(change(ae, ae_actor, PlanAct::close, [](json& each) { each["created"] = "2020-01-01"; }).status ==
          403);
    REQUIRE(change(ae, ae_actor, PlanAct::close).status == 200);
    CHECK(status_of_plan(gp) == "completed");
    CHECK(change(gp, actor(), PlanAct::suspend).status == 422);
    CHECK(change(gp, actor(), PlanAct::enter_in_error).status == 422);
    // Nothing is published on a plan that is closed.
    const auto closed = gp.get("/CarePlan/" + uuid(1)).json();
    auto bundle = transaction(next(closed, uuid(50), "Pain"));
    auto& care_plan = resource_in(bundle, "CarePlan");
    care_plan["status"] = "completed";
    for (const auto& each : closed["extension"])
        if (each["url"].get<std::string>().starts_with("urn:x-local:careplug:status-"))
            care_plan["extension"].push_back(each);
    CHECK(post(gp, bundle).status == 422);
    REQUIRE(change(gp, actor(), PlanAct::reopen).status == 200);
    REQUIRE(change(gp, actor(), PlanAct::enter_in_error).status == 200);
    CHECK(status_of_plan(gp) == "entered-in-error");
    CHECK(change(gp, actor(), PlanAct::reopen).status == 422);

    auto fresh = transaction(first(2));
    resource_in(fresh, "CarePlan")["status"] = "on-hold";
    CHECK(post(gp, fresh).status == 422);
}

TEST_CASE("H6: a plan under an earlier number is not reopened beside one under the number of now") {
    Running running;
    auto gp = running.client();
    auto feed = running.client("system");
    const auto plan = published(gp, 1);
    REQUIRE(change(gp, actor(), plan::PlanAct::suspend).status == 200);
    const std::string before = plan["subject"]["reference"];
    const auto now = feed.send("POST", "/Patient", patient(nhs_number(2))).json();
    const std::string after = "Patient/" + now["id"].get<std::string>();
    auto old_one = feed.get("/" + before).json();
    old_one["link"] = {{{"other", {{"reference", after}}}, {"type", "replaced-by"}}};
    REQUIRE(put(feed, old_one, version_of(feed, before)).status == 200);
    auto second = first(2);
    second.patient_reference = after;
    REQUIRE(post(gp, transaction(second)).status == 200);
    CHECK(change(gp, actor(), plan::PlanAct::reopen).status == 409);
    CHECK(status_of_plan(gp) == "on-hold");
}

TEST_CASE("H13: the date of death of a closed plan is not changed by itself") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    REQUIRE(change(gp, actor(), plan::PlanAct::close).status == 200);
    auto closed = gp.get("/CarePlan/" + uuid(1)).json();
    for (auto& each : closed["extension"])
        if (each["url"] == "urn:x-local:careplug:status-since") each["valueDate"] = "2026-11-01";
    CHECK(put(gp, closed, closed["meta"]["versionId"]).status == 422);
}
