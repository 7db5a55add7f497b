// A patient's session from beginning to end: what is theirs, what they suggest, and what stays with those who
// care for them.
#include <algorithm>
#include <catch2/catch.hpp>

#include "own_page.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const auto key_of_mary = patient_key(mary, "1944-06-19");

json session_list(TestHost& host, const char* name) {
    return TestHost::call(careplug_session_state, host.session()).json().value(name, json::array());
}

const json* item(const json& view, const std::string& link_id) {
    for (const char* part : {"items", "summary"})
        if (view.contains(part))
            for (const auto& each : view.at(part))
                if (each.at("linkId") == link_id) return &each;
    return nullptr;
}

struct OwnSession {
    Scene scene;
    std::unique_ptr<TestHost> gp = scene.gp();
    std::unique_ptr<TestHost> own;

    OwnSession() {
        publish_shared_plan(*gp, key_of_mary);
        own = own_page(scene, mary);
        own->watch({key_of_mary});
        REQUIRE(wait_for_knowledge(*own, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    }
    Outcome send(careplug_handle panel) { return own->submit(panel, CAREPLUG_INTENT_PUBLISH); }
    std::string plan_of_gp() {
        const Opened reading = open(*gp, key_of_mary, "read");
        const std::string text = TestHost::call(careplug_panel_response, reading.panel).text;
        REQUIRE(careplug_patient_close(reading.patient) == CAREPLUG_OK);
        return text;
    }
};

}  // namespace

TEST_CASE("H17: a patient's own section is published at once by their own session, and by whom is kept") {
    OwnSession one;
    const Opened editing = open(*one.own, key_of_mary, "edit");
    const json view = TestHost::view(editing.panel).json();
    CHECK(view.at("may").at("own") == true);
    CHECK(item(view, "pref.matters") != nullptr);
    REQUIRE(TestHost::update(editing.panel, words("pref.matters", "The lime tree")).status == CAREPLUG_OK);
    const Outcome published = one.send(editing.panel);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 3);

    REQUIRE(one.gp->pump_until([&] { return one.gp->flags(key_of_mary).revision == 3; }));
    const Opened reading = open(*one.gp, key_of_mary, "read");
    const json read = TestHost::view(reading.panel).json();
    CHECK(contains(read.at("author"), "Mary Test"));
    CHECK(contains(read.at("approver"), "Dr A. Patel"));
    const std::string plan = TestHost::call(careplug_panel_response, reading.panel).text;
    CHECK(contains(plan, "The lime tree"));
    // What is not theirs is as it was.
    CHECK(contains(plan, "Heart failure"));
    CHECK(contains(plan, "450476008"));
    CHECK(has_flag(*one.gp, key_of_mary, "dnacpr"));
}

TEST_CASE(
    "H17: what a patient says of a clinical section is a suggestion that a clinician takes and publishes") {
    OwnSession one;
    const Opened editing = open(*one.own, key_of_mary, "edit");
    REQUIRE(TestHost::update(editing.panel, words("leg.statement", "No visitors before ten")).status ==
            CAREPLUG_OK);
    const Outcome sent = one.send(editing.panel);
    INFO(sent.problem << sent.text);
    REQUIRE(sent.status == CAREPLUG_OK);

    // Beside the plan, and not in it.
    one.gp->watch({key_of_mary});
    REQUIRE(one.gp->pump_until([&] { return session_list(*one.gp, "proposals").size() == 1; },
                               std::chrono::seconds(40)));
    CHECK(session_list(*one.gp, "proposals").at(0).at("nhs_number") == mary);
    CHECK_FALSE(contains(one.plan_of_gp(), "No visitors before ten"));

    const Opened reading = open(*one.gp, key_of_mary, "read");
    const json view = wait_for_view(*one.gp, reading.panel, [](const json& each) {
        return !each.value("proposals", json::array()).empty();
    });
    const json& suggested = view.at("proposals").at(0);
    CHECK(suggested.at("state") == "waits");
    CHECK(contains(suggested.at("author"), "Mary Test"));
    careplug_handle draft = 0;
    const Outcome taken = one.gp->open_panel(reading.patient, suggested.at("take"), draft);
    INFO(taken.problem);
    REQUIRE(taken.status < 100);
    CHECK(contains(TestHost::view(draft).json().at("restored"), "own words"));
    const Outcome published = one.gp->submit(draft, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(reading.patient) == CAREPLUG_OK);
    CHECK(contains(one.plan_of_gp(), "No visitors before ten"));

    // The patient reads what became of it.
    REQUIRE(careplug_patient_close(editing.patient) == CAREPLUG_OK);
    const Opened own = open(*one.own, key_of_mary, "read");
    const json told = wait_for_view(*one.own, own.panel, [](const json& each) {
        const json list = each.value("proposals", json::array());
        return !list.empty() && list.at(0).at("state") == "taken";
    });
    CHECK(contains(told.at("proposals").at(0).at("decided").at("by"), "Dr A. Patel"));
}

TEST_CASE("H17: a patient's session changes no clinical section, and does nothing to the plan itself") {
    OwnSession one;
    const Opened editing = open(*one.own, key_of_mary, "edit");
    CHECK(item(TestHost::view(editing.panel).json(), "cpr.decision") == nullptr);
    const json for_cpr = json::array({coded("cpr.decision", "450475007", "http://snomed.info/sct",
                                            "For attempted cardiopulmonary resuscitation")});
    const Outcome refused = TestHost::update(editing.panel, for_cpr);
    CHECK(refused.status >= CAREPLUG_REFUSED);
    CHECK_FALSE(refused.problem.empty());
    CHECK(TestHost::update(editing.panel, words("dx.primary", "Nothing")).status >= CAREPLUG_REFUSED);
    // Nothing was changed, so nothing is sent.
    CHECK(one.send(editing.panel).status >= CAREPLUG_REFUSED);
    REQUIRE(careplug_panel_close(editing.panel) == CAREPLUG_OK);

    for (const char* action : {"create", "note", "suspend", "close", "remove", "accept", "break-glass"}) {
        careplug_handle panel = 0;
        INFO(action);
        CHECK(one.own->open_panel(editing.patient, action, panel).status >= CAREPLUG_REFUSED);
    }
    const std::string plan = one.plan_of_gp();
    CHECK(contains(plan, "450476008"));
    CHECK(contains(plan, "Heart failure"));
    CHECK(one.gp->flags(key_of_mary).revision == 2);
}

TEST_CASE("H17: a patient's session shows their own plan and learns nothing of another's") {
    OwnSession one;
    const auto johns = patient_key(john, "1950-01-01");
    publish_plan(*one.gp, johns);
    careplug_handle patient = 0;
    const Outcome refused = one.own->open_patient(johns, "Test, Other", patient);
    CHECK(refused.status == CAREPLUG_REFUSED_ROLE);
    CHECK(contains(refused.problem, "your own plan alone"));
    // Also where a list asks for it: it is not said that there is one.
    one.own->watch({key_of_mary, johns});
    REQUIRE(
        one.own->pump_until([&] { return one.own->flags(johns).knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN; }));
    CHECK(one.own->flags(johns).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    CHECK(one.own->flag_ids(one.own->flags(johns)).empty());
    CHECK(wait_for_knowledge(*one.own, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
}
