#include <catch2/catch.hpp>
#include <thread>

#include "scene.h"

using namespace careplug::test;

TEST_CASE(
    "H3: with the exchange stopped flags are not known, with what was last known, also after a restart") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    const auto none = patient_key(john, "1950-01-01");
    publish_plan(*gp, key);
    ae->watch({key, none});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(wait_for_knowledge(*ae, none, CAREPLUG_KNOWLEDGE_NO_PLAN));
    scene.exchange.stop();
    const auto check_last_known = [&] {
        REQUIRE(ae->pump_until([&] { return ae->flags(key).reason == CAREPLUG_REASON_UNREACHABLE; }));
        const auto flags = ae->flags(key);
        CHECK(flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(flags.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
        CHECK(flags.checked > 0);
        CHECK(has_flag(*ae, key, "not-known"));
        CHECK(has_flag(*ae, key, "dnacpr"));
        // A policy may put CPR first; all but "not known" itself is drawn as last known.
        const auto ids = ae->flag_ids(flags);
        for (std::uint32_t at = 0; at < flags.count; ++at)
            CHECK(((flags.flags[at].state & CAREPLUG_FLAG_LAST_KNOWN) != 0) == (ids[at] != "not-known"));
        CHECK(ae->flags(none).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK_FALSE(has_flag(*ae, none, "no-plan"));
    };
    check_last_known();
    CHECK(ae->wait_for(CAREPLUG_EVENT_EXCHANGE).record.status == CAREPLUG_REFUSED_UNREACHABLE);
    const auto state = TestHost::call(careplug_session_state, ae->session()).json();
    CHECK(state.at("exchange").at("reachable") == false);

    ae->close();
    ae->open();
    ae->watch({key, none});
    check_last_known();

    scene.exchange.start();
    CHECK(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(wait_for_knowledge(*ae, none, CAREPLUG_KNOWLEDGE_NO_PLAN));
}

TEST_CASE(
    "A change made while the exchange is away is queued, said to be not shared, and sent when it answers") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(*gp, key, "edit");
    REQUIRE(
        TestHost::update(opened.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")})).status ==
        CAREPLUG_OK);
    scene.exchange.kill();
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_submit(opened.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) < 100);
    careplug_operation_record record{};
    record.size = sizeof record;
    REQUIRE(gp->pump_until([&] {
        return careplug_operation(operation, &record) == CAREPLUG_OK &&
               record.state == CAREPLUG_OPERATION_QUEUED;
    }));
    CHECK(careplug_operation_cancel(operation, &problem) == CAREPLUG_REFUSED_TOO_LATE);
    careplug_release(problem);
    problem = 0;
    CHECK(gp->pump_until([&] { return has_flag(*gp, key, "not-sent"); }));
    CHECK(careplug_patient_may_close(opened.patient, &problem) == CAREPLUG_OK_QUEUED);
    // Nothing passes between hosts but through the exchange.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    CHECK(ae->flags(key).revision == 1);

    scene.exchange.start();
    const auto event = gp->wait_for(CAREPLUG_EVENT_OPERATION);
    CHECK(event.record.status == CAREPLUG_OK);
    CHECK(contains(event.body, "revision 2"));
    CHECK(ae->pump_until([&] { return ae->flags(key).revision == 2; }));
    CHECK(gp->pump_until([&] { return !has_flag(*gp, key, "not-sent"); }));
    careplug_release(operation);
}

TEST_CASE("H4: a contact note begun without a line waits, also over a restart, and is sent once") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ooh = scene.ooh();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    ooh->watch({key});
    REQUIRE(wait_for_knowledge(*ooh, key, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_patient_close(open(*ooh, key, "read").patient);
    scene.exchange.stop();
    REQUIRE(wait_for_knowledge(*ooh, key, CAREPLUG_KNOWLEDGE_NOT_KNOWN));
    careplug_handle patient = 0, panel = 0;
    REQUIRE(ooh->open_patient(key, "Test, Patient", patient).status < 100);
    CHECK(contains(TestHost::call(careplug_actions, patient).text, "\"note\""));
    const Outcome opened = ooh->open_panel(patient, "note", panel);
    INFO(opened.problem);
    REQUIRE(opened.status < 100);
    REQUIRE(TestHost::update(panel, words("evt.note.text", "Visited, settled.")).status == CAREPLUG_OK);
    careplug_handle operation = 0, problem = 0;
    REQUIRE(careplug_panel_submit(panel, CAREPLUG_INTENT_NOTE, &operation, &problem) < 100);
    REQUIRE(ooh->pump_until([&] { return has_flag(*ooh, key, "not-sent"); }));
    careplug_release(operation);
    ooh->close();
    ooh->open();
    scene.exchange.start();
    ooh->watch({key});
    REQUIRE(ooh->pump_until([&] {
        return ooh->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN && !has_flag(*ooh, key, "not-sent");
    }));
    const Opened seen = open(*gp, key, "read");
    const auto notes = wait_for_view(*gp, seen.panel, [](const auto& one) { return one.contains("notes"); });
    REQUIRE(notes.at("notes").size() == 1);
    CHECK(notes.at("notes").at(0).at("text") == "Visited, settled.");
}

TEST_CASE(
    "The exchange killed in the middle of a save: the plan is old or new, and the clinician is told which") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    for (std::uint32_t revision = 2; revision < 5; ++revision) {
        const Opened opened = open(*gp, key, "edit");
        REQUIRE(TestHost::update(opened.panel, nlohmann::json::array({worded(
                                                   "dx.primary", "Text " + std::to_string(revision))}))
                    .status == CAREPLUG_OK);
        careplug_handle operation = 0;
        careplug_handle problem = 0;
        REQUIRE(careplug_panel_submit(opened.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) < 100);
        std::this_thread::sleep_for(std::chrono::milliseconds(revision * 2));
        scene.exchange.kill();
        scene.exchange.start();
        const auto event = gp->wait_for(CAREPLUG_EVENT_OPERATION);
        INFO(event.body);
        CHECK(event.record.status == CAREPLUG_OK);
        CHECK(event.record.subject == operation);
        CHECK(gp->pump_until([&] {
            return gp->flags(key).revision == revision && gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN;
        }));
        careplug_release(operation);
        careplug_patient_close(opened.patient);
    }
}
