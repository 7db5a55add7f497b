// The same faults, seen by a host: the session goes on, flags keep what is known and the CPR slot, what was
// typed is kept, and the policy is back with the next good answer.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "engine/scene.h"
#include "jail/jails.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

std::vector<std::string> some_faults() {
    if (std::getenv("CAREPLUG_LONG") == nullptr) return {"crash", "hang", "garbage", "fork"};
    return {"crash",   "abort", "exit",   "throw",  "hang", "huge",
            "garbage", "other", "memory", "socket", "fork"};
}

// A GP's host whose plugin has this order.
std::unique_ptr<TestHost> faulty_host(Scene& scene, const std::string& order,
                                      const std::string& who = "Dr A. Patel") {
    const auto plugins = scene.folder / "faulty-plugins";
    std::filesystem::create_directories(plugins);
    std::filesystem::permissions(plugins, std::filesystem::perms::owner_all);
    std::ofstream(plugins / "faulty.so", std::ios::binary) << faulty_bytes(order);
    static int hosts = 0;
    const auto folder = scene.folder / ("faulty" + std::to_string(++hosts));
    return std::make_unique<TestHost>(scene.exchange, folder, "gp", SignedIn{"gp", false, "patel", who},
                                      [plugins, folder](json& settings) {
                                          settings["plugins"] = plugins.string();
                                          settings["trust"] = development_trust(folder, plugins.string());
                                          settings["kinds"] = {{"gp", "faulty"}};
                                      });
}

bool offers(careplug_handle patient, const std::string& id) {
    const Outcome outcome = TestHost::call(careplug_actions, patient);
    if (outcome.status >= 100) return false;
    const json answer = outcome.json();
    for (const json& action : answer.at("actions"))
        if (action.at("id") == id) return true;
    return false;
}

bool warned(const json& view) {
    return contains(view.value("warnings", json::array()).dump(), "own form");
}

careplug_handle open_named(TestHost& host, const careplug_patient_key& key, const std::string& name) {
    careplug_handle patient = 0;
    const Outcome outcome = host.open_patient(key, name, patient);
    INFO(outcome.problem);
    REQUIRE(outcome.status < 100);
    return patient;
}

}  // namespace

TEST_CASE(
    "H3 H16: while a plugin fails to order flags, knowledge and the CPR flag are shown in the engine's "
    "order") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    for (const std::string& fault : some_faults()) {
        INFO(fault);
        const auto host = faulty_host(scene, "flags " + fault + " dnacpr");
        host->watch({key});
        REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
        CHECK(has_flag(*host, key, "dnacpr"));
        CHECK(has_flag(*host, key, "plan"));
        // Asked for something else, the same plugin answers.
        const careplug_handle patient = open_named(*host, key, "Test, Patient");
        CHECK(host->pump_until([&] { return offers(patient, "note"); }));
        CHECK(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
        CHECK(has_flag(*gp, key, "dnacpr"));
    }
}

TEST_CASE("H16: a panel that the plugin does not lay out is the plan's own form, and its draft is kept") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    for (const std::string& fault : some_faults()) {
        INFO(fault);
        const auto host = faulty_host(scene, "panel " + fault + " Tripwell");
        host->watch({key});
        REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
        const careplug_handle patient = open_named(*host, key, "Tripwell, Mary");
        careplug_handle panel = 0;
        const Outcome opened = host->open_panel(patient, "create", panel);
        INFO(opened.problem);
        REQUIRE(opened.status < 100);
        const json view = TestHost::view(panel).json();
        CHECK(warned(view));
        CHECK(view.at("items").size() > 20);
        REQUIRE(
            TestHost::update(panel, json::array({worded("dx.primary", "typed during " + fault)})).status ==
            CAREPLUG_OK);
        CHECK(careplug_patient_close(patient) < 100);

        // Under another name the plugin lays out as ever, and the draft is there.
        const careplug_handle other = open_named(*host, key, "Test, Patient");
        careplug_handle again = 0;
        REQUIRE(host->open_panel(other, "continue", again).status < 100);
        CHECK(host->pump_until([&] { return !warned(TestHost::view(again).json()); }));
        CHECK(contains(TestHost::view(again).text, "typed during " + fault));
        CHECK(careplug_patient_close(other) < 100);
    }
}

TEST_CASE("H16: what the plugin did not check is not published, and is published once it answers") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto host = faulty_host(scene, "check crash Tripfailure");
    host->watch({key});
    REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*host, key, "create");
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    REQUIRE(TestHost::update(opened.panel, json::array({worded("dx.primary", "Tripfailure")})).status ==
            CAREPLUG_OK);
    CHECK(contains(TestHost::view(opened.panel).json().at("issues").dump(), "do not answer now"));
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    CHECK(careplug_panel_submit(opened.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
          CAREPLUG_REFUSED_INVALID);
    careplug_release(problem);
    CHECK(contains(TestHost::view(opened.panel).text, "Tripfailure"));
    REQUIRE(TestHost::update(opened.panel, json::array({worded("dx.primary", "Heart failure")})).status ==
            CAREPLUG_OK);
    REQUIRE(host->pump_until([&] {
        return !contains(TestHost::view(opened.panel).json().value("issues", json::array()).dump(),
                         "do not answer now");
    }));
    CHECK(host->submit(opened.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}

TEST_CASE("H16: reading and one's own draft are offered while the plugin offers nothing") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const auto host = faulty_host(scene, "actions abort");
    host->watch({key});
    REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(*host, key, "read");
    CHECK(offers(opened.patient, "read"));
    CHECK_FALSE(offers(opened.patient, "note"));
    CHECK(contains(TestHost::view(opened.panel).text, "Not for attempted"));
}

TEST_CASE("H16: who signs in while the plugin opens no policy is signed in, and sees the flags") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const auto host = faulty_host(scene, "open crash Tripwell", "Dr T. Tripwell");
    host->watch({key});
    REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*host, key, "dnacpr"));
    const Opened opened = open(*host, key, "read");
    CHECK(contains(TestHost::view(opened.panel).text, "Not for attempted"));
}

TEST_CASE("H16: a summary that the plugin does not give is refused in a sentence, and the plan can be read") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const auto host = faulty_host(scene, "summary hang");
    host->watch({key});
    REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(*host, key, "read");
    const Outcome summary = TestHost::call(careplug_panel_summary, opened.panel);
    CHECK(summary.status == CAREPLUG_FAILED_PLUGIN);
    CHECK(contains(summary.problem, "nothing was changed"));
    CHECK(contains(TestHost::view(opened.panel).text, "Not for attempted"));
    CHECK(host->pump_until([&] { return offers(opened.patient, "note"); }));
}

TEST_CASE("H16: a jail that is killed is replaced, and the plugin answers again") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const careplug_handle patient = open_named(*gp, key, "Test, Patient");
    const auto plugin = [&] {
        return TestHost::call(careplug_session_state, gp->session()).json().at("plugin");
    };
    // Offered by the plugin alone.
    REQUIRE(gp->pump_until([&] { return offers(patient, "edit"); }));
    const pid_t jail = plugin().at("process");
    REQUIRE(jail > 0);
    const auto killed = std::chrono::steady_clock::now();
    REQUIRE(::kill(jail, SIGKILL) == 0);
    bool always_drawn = true;
    REQUIRE(gp->pump_until([&] {
        always_drawn = always_drawn && has_flag(*gp, key, "dnacpr");
        const json now = plugin();
        return now.at("process") != jail && now.at("process") != 0 && offers(patient, "edit");
    }));
    const auto fresh = std::chrono::steady_clock::now() - killed;
    std::cout << "jail killed to fresh answers: "
              << std::chrono::duration_cast<std::chrono::milliseconds>(fresh).count() << " ms\n";
    CHECK(always_drawn);
    CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(plugin().at("failures") == 1);
}
