#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <thread>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;

namespace {

json& extension(json& care_plan, const std::string& name) {
    for (auto& each : care_plan["extension"])
        if (each["url"] == "urn:x-local:careplug:" + name) return each;
    throw std::runtime_error("no extension " + name);
}

int status_of_changed(HttpClient& client, json bundle, const std::function<void(json&)>& change) {
    change(resource_in(bundle, "CarePlan"));
    const auto reply = post(client, bundle);
    INFO(reply.body);
    CHECK(reply.json()["resourceType"] == "OperationOutcome");
    return reply.status;
}

json draft(const json& care_plan, const std::string& id, const std::string& signs,
           const plan::Actor& author = actor()) {
    auto draft_of = next(care_plan, id, signs);
    draft_of.author = author;
    auto bundle = transaction(draft_of);
    auto response = resource_in(bundle, "QuestionnaireResponse");
    return plan::fhir::with_revision_status(response, plan::RevisionStatus::draft);
}

}  // namespace

TEST_CASE("H19: publishing moves the pointer and adds one to the revision") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    REQUIRE(post(gp, transaction(next(plan, uuid(50), "Pain"))).status == 200);
    auto now = gp.get("/CarePlan/" + uuid(1)).json();
    CHECK(extension(now, "plan-revision")["valueInteger"] == 2);
    CHECK(now["supportingInfo"][0]["reference"] == "QuestionnaireResponse/" + uuid(50));
    CHECK(now["meta"]["versionId"] == "2");
    CHECK(total(gp, "/QuestionnaireResponse?based-on=CarePlan/" + uuid(1)) == 2);
}

TEST_CASE("H19: a plan changes with a new revision or a new status, and with nothing else") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    const auto put = [&](const std::function<void(json&)>& change) {
        auto changed = gp.get("/CarePlan/" + uuid(1)).json();
        const std::string version = changed["meta"]["versionId"];
        change(changed);
        return gp.send("PUT", "/CarePlan/" + uuid(1), changed, {{"If-Match", "W/\"" + version + "\""}});
    };
    for (const auto* name : {"approver", "author", "amended"}) {
        INFO(name);
        const auto reply =
            put([&](json& each) { extension(each, name)["valueString"] = "Dr Somebody Else"; });
        CHECK(reply.status == 422);
    }
    CHECK(put([](json& each) { each["period"] = {{"end", "2030-01-01"}}; }).status == 422);
    CHECK(put([](json&) {}).status == 200);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json()["extension"] == plan["extension"]);
}

TEST_CASE("H5: two who publish over the same version: the second is told") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    CHECK(post(gp, transaction(next(plan, uuid(50), "Pain"))).status == 200);
    const auto second = post(gp, transaction(next(plan, uuid(51), "Fever")));
    CHECK(second.status == 412);
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(51)).status == 404);
}

TEST_CASE("H6: a person has one active plan of a kind") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    auto another = first(1);
    another.plan_id = uuid(60);
    another.revision_id = uuid(61);
    CHECK(post(gp, transaction(another)).status == 409);
    CHECK(total(gp, "/CarePlan") == 1);
}

TEST_CASE("H1, H19: a plan is consistent with its revision and its past") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    published(gp, 2);
    const auto bundle = transaction(next(plan, uuid(50), "Pain"));
    const auto refused = [&](const std::function<void(json&)>& change) {
        return status_of_changed(gp, bundle, change) == 422;
    };
    CHECK(refused([](json& each) { extension(each, "plan-revision")["valueInteger"] = 3; }));
    CHECK(refused([](json& each) { extension(each, "plan-revision")["valueInteger"] = 1; }));
    CHECK(refused([](json& each) { extension(each, "approver")["valueString"] = "Dr Somebody Else"; }));
    CHECK(refused([](json& each) { each["status"] = "draft"; }));
    CHECK(refused([](json& each) { each["category"][0]["coding"][0]["code"] = "other"; }));
    CHECK(refused([](json& each) { each["identifier"][0]["value"] = "other"; }));
    CHECK(refused([](json& each) { each["instantiatesCanonical"][0] = "urn:unknown|1"; }));
    CHECK(refused([](json& each) { each.erase("contained"); }));
    CHECK(refused([](json& each) { each["period"] = nullptr; }));
    // Another person's revision, and one that is not there (hazard H1).
    for (const auto& id : {uuid(1'000'002), uuid(999)})
        CHECK(refused([&](json& each) {
            each["supportingInfo"][0] = {{"reference", "QuestionnaireResponse/" + id},
                                         {"identifier", {{"value", id}}}};
        }));
    CHECK(refused([](json& each) { each["subject"]["identifier"]["value"] = nhs_number(2); }));
    const auto other = gp.get("/CarePlan/" + uuid(2)).json()["subject"];
    CHECK(refused([&](json& each) { each["subject"] = other; }));
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
    CHECK(post(gp, bundle).status == 200);
}

TEST_CASE("H3: a summary that says other than its revision is refused") {
    Running running;
    auto gp = running.client();
    auto bundle = transaction(first(1));
    auto& items = resource_in(bundle, "CarePlan")["contained"][0]["item"];
    auto text = items.dump();
    const auto at = text.find("\"hospital\"");
    REQUIRE(at != std::string::npos);
    const auto good = items;
    items = json::parse(text.replace(at, 10, "\"home-first\""));
    const auto reply = post(gp, bundle);
    CHECK(reply.status == 422);
    CHECK(words(reply).find("worse.step") != std::string::npos);
    items = good;
    items.erase(0);
    CHECK(post(gp, bundle).status == 422);
    items = good;
    CHECK(post(gp, bundle).status == 200);
}

TEST_CASE("H7: a published revision must be fit to publish, and its items never change") {
    Running running;
    auto gp = running.client();
    auto incomplete = first(1);
    incomplete.content.clear("worse.signs");
    const auto reply = post(gp, transaction(incomplete));
    CHECK(reply.status == 422);
    CHECK(reply.body.find("worse.signs") != std::string::npos);

    published(gp, 1);
    const std::string path = "/QuestionnaireResponse/" + uuid(1'000'001);
    const auto read = gp.get(path).json();
    auto changed = json::parse(read.dump());
    changed["item"][0]["item"][0]["answer"][0]["valueString"] = "Other";
    CHECK(gp.send("PUT", path, changed, {{"If-Match", "W/\"1\""}}).status == 422);
    changed = read;
    changed["status"] = "in-progress";
    CHECK(gp.send("PUT", path, changed, {{"If-Match", "W/\"1\""}}).status == 422);
    CHECK(gp.get(path).json() == read);
    CHECK(gp.send("PUT", path, read, {{"If-Match", "W/\"1\""}}).status == 200);
    CHECK(gp.get(path).json() == read);
}

TEST_CASE("Answers have the types that their questions ask for") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    const auto put = [&](const json& answer) {
        auto response = draft(plan, uuid(70), "Pain");
        for (auto& section : response["item"])
            for (auto& item : section["item"])
                if (item["linkId"] == "worse.signs") item["answer"] = answer;
        return gp.send("PUT", "/QuestionnaireResponse/" + uuid(70), response).status;
    };
    CHECK(put({{{"valueInteger", 1}}}) == 422);
    CHECK(put({{{"valueString", 1}}}) == 422);
    CHECK(put({{{"valueString", "a"}, {"valueBoolean", true}}}) == 422);
    CHECK(put({{{"valueColour", "red"}}}) == 422);
    CHECK(put("text") == 422);
    CHECK(put({{{"valueString", "Pain"}}}) == 201);
}

TEST_CASE("A field that a role may not change is refused, with who may") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    auto renamed = next(plan, uuid(50), "Pain");
    renamed.content.set("dem.family", std::string("Birch"));
    const auto reply = post(gp, transaction(renamed));
    CHECK(reply.status == 403);
    CHECK(reply.body.find("dem.family") != std::string::npos);
}

TEST_CASE("H1, H9: an urgent care contact is added by those who may, to a plan of the same person") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    json contact{{"resourceType", "QuestionnaireResponse"},
                 {"id", uuid(80)},
                 {"identifier", {{"system", "urn:x-local:careplug:contact-id"}, {"value", uuid(80)}}},
                 {"basedOn", {{{"reference", "CarePlan/" + uuid(1)}}}},
                 {"questionnaire", "urn:x-local:careplug:Questionnaire:urgent-care-contact|1.0.0"},
                 {"status", "completed"},
                 {"subject", plan["subject"]},
                 {"authored", "2026-11-21T20:00:00Z"}};
    contact["item"] = json::parse(R"([{"linkId": "evt", "item": [{"linkId": "evt.note", "item": [
        {"linkId": "evt.note.$row", "answer": [{"valueString": "row-1"}]},
        {"linkId": "evt.note.when", "answer": [{"valueDateTime": "2026-11-21T20:00:00Z"}]},
        {"linkId": "evt.note.text", "answer": [{"valueString": "Seen at home."}]}]}]}])");
    const std::string path = "/QuestionnaireResponse/" + uuid(80);
    auto doctor = running.client("ooh_clinician");
    CHECK(running.client("social_care").send("PUT", path, contact).status == 403);
    auto wrong = contact;
    wrong["basedOn"][0]["reference"] = "CarePlan/" + uuid(9);
    CHECK(doctor.send("PUT", path, wrong).status == 422);
    wrong = contact;
    wrong["subject"]["identifier"]["value"] = nhs_number(5);
    CHECK(doctor.send("PUT", path, wrong).status == 422);
    wrong["subject"] = published(gp, 2)["subject"];
    CHECK(doctor.send("PUT", path, wrong).status == 422);
    wrong = contact;
    wrong["item"][0]["item"][0]["item"].erase(2);
    CHECK(doctor.send("PUT", path, wrong).status == 422);
    const auto made = doctor.send("PUT", path, contact);
    INFO(made.body);
    CHECK(made.status == 201);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
    CHECK(total(gp, "/QuestionnaireResponse?based-on=CarePlan/" + uuid(1)) == 2);
}

TEST_CASE("A subject must be a Patient that is here, and a Flag never ends") {
    Running running;
    auto gp = running.client();
    auto bundle = transaction(first(1));
    auto flag = resource_in(bundle, "Flag");
    flag["subject"]["reference"] = "Patient/none";
    CHECK(gp.send("PUT", "/Flag/" + flag["id"].get<std::string>(), flag).status == 422);
    const auto plan = published(gp, 1);
    flag["subject"] = plan["subject"];
    flag["id"] = "a-flag";
    flag["period"]["end"] = "2027-01-01";
    CHECK(gp.send("PUT", "/Flag/a-flag", flag).status == 422);
    flag["period"].erase("end");
    CHECK(gp.send("PUT", "/Flag/a-flag", flag).status == 201);
    flag["status"] = "inactive";
    CHECK(gp.send("PUT", "/Flag/a-flag", flag).status == 412);
}

TEST_CASE("Many who write at once: each of their plans is whole") {
    Running running;
    auto gp = running.client();
    std::vector<std::thread> writers;
    std::atomic<int> saved = 0;
    std::vector<std::string> bundles;
    for (int n = 0; n < 24; ++n) bundles.push_back(transaction(first(n)).dump());
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&, writer] {
            auto client = running.client();
            for (std::size_t n = static_cast<std::size_t>(writer); n < bundles.size(); n += 4)
                if (client.request("POST", "", {{"Content-Type", "application/fhir+json"}}, bundles[n])
                        .status == 200)
                    ++saved;
        });
    for (auto& each : writers) each.join();
    CHECK(saved == 24);
    CHECK(total(gp, "/CarePlan") == 24);
    CHECK(total(gp, "/QuestionnaireResponse") == 24);
}
