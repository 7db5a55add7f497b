// "Changed elsewhere": what others published is seen and accepted by a practice, for all of its workstations.
#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const auto key = patient_key(mary, "1944-06-19");

json elsewhere(TestHost& host) {
    const auto state = TestHost::call(careplug_session_state, host.session()).json();
    return state.at("changed_elsewhere");
}

bool wait_for_elsewhere(TestHost& host, std::size_t count) {
    return host.pump_until([&] { return elsewhere(host).size() == count; }, std::chrono::seconds(40));
}

void done(TestHost& host, const std::string& action, std::int32_t intent, const json& items) {
    const Outcome outcome = carry_out(host, key, action, intent, items);
    INFO(outcome.problem << outcome.text);
    REQUIRE(outcome.status == CAREPLUG_OK);
}

void publish_words(TestHost& host, const std::string& link_id, const std::string& text) {
    host.watch({key});
    REQUIRE(wait_for_knowledge(host, key, CAREPLUG_KNOWLEDGE_PLAN));
    done(host, "edit", CAREPLUG_INTENT_PUBLISH, words(link_id, text));
}

bool wait_for_change(TestHost& host, const std::string& kind) {
    return host.pump_until(
        [&] {
            for (const auto& one : elsewhere(host))
                for (const auto& change : one.at("changes"))
                    if (change.at("change") == kind) return true;
            return false;
        },
        std::chrono::seconds(40));
}

void leave_note(TestHost& host, const std::string& text) {
    done(host, "note", CAREPLUG_INTENT_NOTE, words("evt.note.text", text));
}

void reopen(TestHost& host) {
    done(host, "reopen", CAREPLUG_INTENT_REOPEN,
         {{{"linkId", "state.since"}, {"answer", json::array({{{"valueDate", "2026-11-21"}}})}}});
}

Opened open_changes(TestHost& host) {
    const Opened opened = open(host, key, "accept");
    wait_for_view(host, opened.panel, [](const json& view) { return view.contains("history"); });
    return opened;
}

}  // namespace

TEST_CASE("H2: what others changed is listed for the practice until one of its people accepts it") {
    Scene scene;
    const auto gp = scene.gp();
    const auto nurse = scene.gp("second", "jones");
    const auto others = scene.hospice();
    publish_plan(*gp, key);
    nurse->watch({key});
    REQUIRE(wait_for_knowledge(*nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(elsewhere(*gp).empty());
    publish_words(*others, "dx.primary", "Lung cancer");
    REQUIRE(wait_for_elsewhere(*gp, 1));
    REQUIRE(wait_for_elsewhere(*nurse, 1));
    const json one = elsewhere(*gp).at(0);
    CHECK(one.at("nhs_number") == mary);
    CHECK(one.at("revision") == 2);
    CHECK(contains(one.at("author"), "St Brigid Hospice"));
    // The hospice's own change is not news to it; the plan of the practice is.
    CHECK(wait_for_elsewhere(*others, 1));

    // An own change above it accepts nothing that others wrote.
    publish_words(*gp, "dx.understanding", "Knows it cannot be cured");
    CHECK(wait_for_elsewhere(*gp, 1));

    const Opened seen = open_changes(*gp);
    const json view = TestHost::view(seen.panel).json();
    CHECK(view.at("intent") == "submit");
    REQUIRE(view.at("history").size() == 3);
    CHECK(view.at("history").at(1).at("new") == true);
    CHECK(contains(view.at("history").at(1).dump(), "Lung cancer"));
    // What is published while they read was not seen, and is not accepted with it.
    publish_words(*others, "dx.primary", "Lung cancer, spread");
    REQUIRE(gp->pump_until([&] { return gp->flags(key).revision == 4; }));
    const Outcome early = gp->submit(seen.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(early.problem << early.text);
    REQUIRE(early.status == CAREPLUG_OK);
    REQUIRE(wait_for_elsewhere(*gp, 1));
    CHECK(elsewhere(*gp).at(0).at("accepted") == 3);
    REQUIRE(careplug_patient_close(seen.patient) == CAREPLUG_OK);
    const Opened again = open_changes(*gp);
    const Outcome accepted = gp->submit(again.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(accepted.problem << accepted.text);
    REQUIRE(accepted.status == CAREPLUG_OK);
    CHECK(elsewhere(*gp).empty());
    // Another workstation of the practice sees it, and so does this one after a restart.
    CHECK(wait_for_elsewhere(*nurse, 0));
    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(elsewhere(*gp).empty());
    publish_words(*others, "dx.primary", "Lung cancer, stage 4");
    CHECK(wait_for_elsewhere(*gp, 1));
}

TEST_CASE(
    "H4: an acceptance without a line is durable and sent once there is one; the plan can be edited "
    "meanwhile") {
    Scene scene;
    const auto gp = scene.gp();
    const auto nurse = scene.gp("second", "jones");
    const auto others = scene.hospice();
    publish_plan(*gp, key);
    nurse->watch({key});
    publish_words(*others, "dx.primary", "Lung cancer");
    REQUIRE(wait_for_elsewhere(*gp, 1));
    REQUIRE(wait_for_elsewhere(*nurse, 1));
    const Opened seen = open_changes(*gp);
    scene.exchange.stop();
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_submit(seen.panel, CAREPLUG_INTENT_SUBMIT, &operation, &problem) == CAREPLUG_OK);
    CHECK(elsewhere(*gp).empty());
    CHECK_FALSE(has_flag(*gp, key, "not-sent"));
    gp->close();
    gp->open();
    scene.exchange.start();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(wait_for_elsewhere(*nurse, 0));
    CHECK(elsewhere(*gp).empty());
}

TEST_CASE(
    "H8: a plan that others suspended or opened again is listed with who did it, and accepting that accepts "
    "nothing that was not shown") {
    Scene scene;
    const auto gp = scene.gp();
    const auto others = scene.hospice();
    publish_plan(*gp, key);
    publish_words(*others, "dx.primary", "Lung cancer");
    REQUIRE(wait_for_elsewhere(*gp, 1));
    suspend(*others, key);
    REQUIRE(wait_for_change(*gp, "state"));
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const json one = elsewhere(*gp).at(0).at("changes");
    REQUIRE(one.size() == 1);
    CHECK(contains(one.at(0).at("text"), "suspended"));
    CHECK(contains(one.at(0).at("text"), "St Brigid Hospice"));

    const Opened seen = open(*gp, key, "accept");
    const json view = TestHost::view(seen.panel).json();
    CHECK(view.at("plan") == "withheld");
    CHECK(view.at("intent") == "submit");
    REQUIRE(view.at("history").size() == 1);
    CHECK(view.at("history").at(0).at("new") == true);
    CHECK_FALSE(contains(view.dump(), "Lung cancer"));
    const Outcome accepted = gp->submit(seen.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(accepted.problem << accepted.text);
    REQUIRE(accepted.status == CAREPLUG_OK);
    CHECK(elsewhere(*gp).empty());
    REQUIRE(careplug_patient_close(seen.patient) == CAREPLUG_OK);

    // Opened again: that is listed, and so is the revision that nobody here has been shown.
    reopen(*others);
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(wait_for_change(*gp, "state"));
    const json both = elsewhere(*gp).at(0).at("changes");
    REQUIRE(both.size() == 2);
    CHECK(both.at(0).at("change") == "revision");
    CHECK(contains(both.at(1).at("text"), "opened again"));
    CHECK(contains(both.at(1).at("text"), "St Brigid Hospice"));
    const Opened again = open_changes(*gp);
    const json history = TestHost::view(again.panel).json().at("history");
    REQUIRE(history.size() == 4);
    CHECK(history.at(0).at("new") == true);
    CHECK_FALSE(history.at(1).contains("new"));
    REQUIRE(gp->submit(again.panel, CAREPLUG_INTENT_SUBMIT).status == CAREPLUG_OK);
    CHECK(elsewhere(*gp).empty());
    REQUIRE(careplug_patient_close(again.patient) == CAREPLUG_OK);

    // What the practice does itself is no news to it, also on its other workstation.
    const auto nurse = scene.gp("second", "jones");
    suspend(*gp, key);
    nurse->watch({key});
    REQUIRE(wait_for_knowledge(*nurse, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    REQUIRE(wait_for_change(*others, "state"));
    CHECK(elsewhere(*gp).empty());
    CHECK(elsewhere(*nurse).empty());
    // Over somebody else's change of state it accepts nothing.
    REQUIRE(wait_for_knowledge(*others, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    reopen(*others);
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    suspend(*gp, key);
    REQUIRE(wait_for_change(*nurse, "state"));
    CHECK(contains(elsewhere(*nurse).at(0).at("changes").at(0).at("text"), "opened again"));
}

TEST_CASE(
    "H2: a note of another organisation is listed without what it says, and accepted once it was shown") {
    Scene scene;
    const auto gp = scene.gp();
    const auto nurse = scene.gp("second", "jones");
    const auto others = scene.hospice();
    publish_plan(*gp, key);
    nurse->watch({key});
    others->watch({key});
    REQUIRE(wait_for_knowledge(*others, key, CAREPLUG_KNOWLEDGE_PLAN));
    leave_note(*others, "Visited, settled.");
    REQUIRE(wait_for_change(*gp, "note"));
    REQUIRE(wait_for_change(*nurse, "note"));
    const json listed = elsewhere(*gp).at(0).at("changes");
    REQUIRE(listed.size() == 1);
    CHECK(contains(listed.at(0).at("text"), "Note by "));
    CHECK(contains(listed.at(0).at("text"), "St Brigid Hospice"));
    CHECK_FALSE(contains(elsewhere(*gp).dump(), "settled"));

    const Opened seen = open_changes(*gp);
    const json view =
        wait_for_view(*gp, seen.panel, [](const json& drawn) { return drawn.contains("notes"); });
    CHECK(view.at("notes").at(0).at("new") == true);
    CHECK(contains(view.at("notes").at(0).at("text"), "settled"));
    // What is written while they read was not seen.
    leave_note(*others, "Called again.");
    REQUIRE(gp->pump_until([&] { return elsewhere(*gp).at(0).at("changes").size() == 2; }));
    const Outcome early = gp->submit(seen.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(early.problem << early.text);
    REQUIRE(early.status == CAREPLUG_OK);
    CHECK(elsewhere(*gp).at(0).at("changes").size() == 1);
    REQUIRE(careplug_patient_close(seen.patient) == CAREPLUG_OK);
    const Opened again = open_changes(*gp);
    wait_for_view(*gp, again.panel,
                  [](const json& drawn) { return drawn.contains("notes") && drawn["notes"].size() == 2; });
    REQUIRE(gp->submit(again.panel, CAREPLUG_INTENT_SUBMIT).status == CAREPLUG_OK);
    CHECK(elsewhere(*gp).empty());
    REQUIRE(careplug_patient_close(again.patient) == CAREPLUG_OK);
    CHECK(wait_for_elsewhere(*nurse, 0));
    // A note of one's own practice is news to others alone.
    leave_note(*gp, "Telephoned the daughter.");
    CHECK(wait_for_change(*others, "note"));
    CHECK(elsewhere(*nurse).empty());
    // Without a note to read a new one is listed all the same after a restart.
    gp->close();
    leave_note(*others, "Seen at night.");
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_change(*gp, "note"));
    CHECK(elsewhere(*gp).at(0).at("changes").size() == 1);
}
