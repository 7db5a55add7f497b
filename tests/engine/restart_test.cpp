// What a host sees when its engine dies or hangs: another takes its place, under the same handles.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "front.h"
#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

void stop_engine(int signal) {
    const auto running = engines();
    REQUIRE(running.size() == 1);
    REQUIRE(::kill(running.front(), signal) == 0);
}

bool stands_still(pid_t process) {
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        std::ifstream file(thread.path() / "status");
        const std::string status((std::istreambuf_iterator<char>(file)), {});
        if (!contains(status, "State:\tT")) return false;
    }
    return true;
}

// kill returns before the threads stop: on a busy machine one of them may still answer a call.
void hang_engine() {
    const auto running = engines();
    stop_engine(SIGSTOP);
    while (!stands_still(running.front())) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// The document that says what is open again.
json wait_until_resumed(TestHost& host) {
    for (;;) {
        const PulledEvent event = host.wait_for(CAREPLUG_EVENT_ENGINE);
        if (event.record.status == CAREPLUG_OK) return json::parse(event.body);
        CHECK_FALSE(event.body.empty());
    }
}

}  // namespace

TEST_CASE("H4, H16: a form goes on under its handle after the engine was killed, with every answer") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const auto killed = std::chrono::steady_clock::now();
    stop_engine(SIGKILL);
    const json told = wait_until_resumed(*gp);
    CHECK(told.at("patients") == 1);
    CHECK(told.at("panels") == 1);
    CHECK(told.at("not_resumed") == 0);
    CHECK(contains(told.at("sentence"), "What you typed is kept"));
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer"));
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    const auto fresh = std::chrono::steady_clock::now() - killed;
    std::cout << "engine killed to fresh flags: "
              << std::chrono::duration_cast<std::chrono::milliseconds>(fresh).count() << " ms\n";
    wait_for_view(*gp, editing.panel, [](const json& view) { return view.at("mode") == "edit"; });
    CHECK(TestHost::update(editing.panel, words("dx.other", "Diabetes")).status == CAREPLUG_OK);
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    CHECK(gp->pump_until([&] { return gp->flags(key).revision == 2; }));
}

TEST_CASE("H3, H16: flags are last known while the engine is away, never gone and never fresh") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    stop_engine(SIGKILL);
    bool always_last_known = true;
    REQUIRE(gp->pump_until([&] { return gp->flags(key).knowledge != CAREPLUG_KNOWLEDGE_PLAN; }));
    // Through stop, start, sign-in and the first answer.
    REQUIRE(gp->pump_until([&] {
        const auto flags = gp->flags(key);
        if (flags.knowledge == CAREPLUG_KNOWLEDGE_PLAN) return true;
        const auto ids = gp->flag_ids(flags);
        const bool decision = std::find(ids.begin(), ids.end(), "dnacpr") != ids.end();
        always_last_known = always_last_known && flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
                            flags.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN && decision;
        return false;
    }));
    CHECK(always_last_known);
    CHECK(has_flag(*gp, key, "dnacpr"));
}

TEST_CASE("H4, H16: an engine that hangs is replaced, and what was typed before is there") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    hang_engine();
    const Outcome late = TestHost::update(editing.panel, words("dx.primary", "Dementia"));
    CHECK(late.status == CAREPLUG_REFUSED_TIMEOUT);
    CHECK_FALSE(late.problem.empty());
    wait_until_resumed(*gp);
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer"));
    CHECK(engines().size() == 1);
}

TEST_CASE("H4, H16: a new plan keeps what was pre-filled, however often the engine is replaced") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened creating = open(*gp, key, "create");
    const auto form = [&] { return TestHost::call(careplug_panel_response, creating.panel).text; };
    const auto filled = [](const json& view) { return view.at("plan") != "loading"; };
    REQUIRE(contains(form(), "1 Test Lane"));
    SECTION("nothing is typed yet, and the record comes before the exchange's answer") {
        front.change([](const std::string&, FrontAnswer&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
        });
        stop_engine(SIGKILL);
        wait_until_resumed(*gp);
        wait_for_view(*gp, creating.panel, filled);
        CHECK(contains(form(), "1 Test Lane"));
    }
    SECTION("the draft is on disk") {
        REQUIRE(TestHost::update(creating.panel, core_answers()).status == CAREPLUG_OK);
        for (int times = 0; times < 2; ++times) {
            stop_engine(SIGKILL);
            wait_until_resumed(*gp);
            REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
        }
    }
    CHECK(contains(form(), "1 Test Lane"));
    CHECK(TestHost::update(creating.panel, core_answers()).status == CAREPLUG_OK);
    const Outcome published = gp->submit(creating.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    CHECK(published.status == CAREPLUG_OK);
}

TEST_CASE("H2, H5: an engine that took over lets nobody edit what was last known, until the plan is fresh") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    front.change([](const std::string&, FrontAnswer& answer) { answer = {503, ""}; });
    REQUIRE(gp->pump_until([&] { return gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN; }));
    stop_engine(SIGKILL);
    wait_until_resumed(*gp);
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
    gp->pump_until([&] { return std::chrono::steady_clock::now() > until; });
    CHECK(TestHost::view(editing.panel).json().at("plan") == "loading");
    CHECK(TestHost::update(editing.panel, words("dx.primary", "Dementia")).status >= CAREPLUG_REFUSED);
    front.change({});
    wait_for_view(*gp, editing.panel, [](const json& view) { return view.at("plan") == "arrived"; });
    CHECK(TestHost::update(editing.panel, words("dx.primary", "Dementia")).status == CAREPLUG_OK);
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}

TEST_CASE("H9: after a restart another person gets nothing of what was open") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const auto honest = gp->assertion;
    gp->assertion = [&](json claims) {
        claims["sub"] = "another";
        return honest ? honest(claims) : gp->signer().sign(claims);
    };
    stop_engine(SIGKILL);
    const PulledEvent refused = [&] {
        for (;;) {
            const PulledEvent event = gp->wait_for(CAREPLUG_EVENT_SESSION);
            if (event.record.status != CAREPLUG_OK) return event;
        }
    }();
    CHECK(contains(refused.body, "Another person"));
    const Outcome shut = TestHost::view(editing.panel);
    CHECK(shut.status == CAREPLUG_REFUSED_SIGNED_OUT);
    CHECK(shut.text.empty());
    CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    gp->assertion = honest;
    CHECK(gp->pump_until([&] { return TestHost::view(editing.panel).status == CAREPLUG_OK; }));
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer"));
}

TEST_CASE("H16: an engine that dies again and again runs without plugins: plans can be read, not published") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    for (int times = 0; times < 3; ++times) {
        REQUIRE(gp->pump_until([] { return engines().size() == 1; }));
        stop_engine(SIGKILL);
        wait_until_resumed(*gp);
    }
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*gp, key, "dnacpr"));
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key, "Test, Patient", patient).status < 100);
    careplug_handle panel = 0;
    REQUIRE(gp->open_panel(patient, "read", panel).status == CAREPLUG_OK);
    const json view =
        wait_for_view(*gp, panel, [](const json& now) { return now.at("warnings").size() > 0; });
    CHECK(view.at("mode") == "read");
    CHECK(gp->pump_until(
        [&] { return contains(TestHost::call(careplug_panel_response, panel).text, "Heart failure"); }));
}

TEST_CASE("H16: the engine ends with its host, also when a copy of the host's descriptors lives on") {
    Scene scene;
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const pid_t host = ::fork();
    if (host == 0) {
        TestHost inner(scene.exchange, scene.folder / "inner", "gp");
        const pid_t engine = engines().at(0);
        const auto written = ::write(told[1], &engine, sizeof engine);
        // It holds every descriptor of the host, and outlives it.
        if (::fork() == 0) {
            ::sleep(20);
            ::_exit(0);
        }
        ::_exit(written == sizeof engine ? 0 : 1);
    }
    pid_t engine = 0;
    REQUIRE(::read(told[0], &engine, sizeof engine) == sizeof engine);
    int status = 0;
    REQUIRE(::waitpid(host, &status, 0) == host);
    bool ended = false;
    for (int tries = 0; tries < 300 && !ended; ++tries) {
        ended = ::kill(engine, 0) != 0;
        if (!ended) ::usleep(10000);
    }
    CHECK(ended);
    ::close(told[0]);
    ::close(told[1]);
}
