// Another engine is put in the place of the one that serves a clinician.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "engine/scene.h"
#include "upgrade/engine_files.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

// A GP with a form that is half filled in.
struct Surgery {
    Surgery() {
        publish_plan(*gp, key);
        editing = open(*gp, key, "edit");
        type("dx.primary", "Lung cancer");
    }
    void type(const std::string& link_id, const std::string& text) {
        REQUIRE(TestHost::update(editing.panel, json::array({worded(link_id, text)})).status == CAREPLUG_OK);
    }
    std::string form() const { return TestHost::call(careplug_panel_response, editing.panel).text; }
    json state() const {
        const Outcome said = TestHost::call(careplug_session_state, gp->session());
        return said.status < 100 ? said.json().at("engine") : json{{"upgrades", -1}, {"restarts", -1}};
    }
    bool log_says(const std::string& words) const {
        return contains(contents_of(scene.folder.path() / "gp" / "engine.log"), words);
    }
    // Whether the engine that runs is the file that lies there now.
    bool runs_what_is_installed() const {
        struct stat running {};
        struct stat installed {};
        const auto all = engines();
        return all.size() == 1 &&
               ::stat(("/proc/" + std::to_string(all.front()) + "/exe").c_str(), &running) == 0 &&
               ::stat(files.engine.c_str(), &installed) == 0 && running.st_ino == installed.st_ino;
    }
    // The document that says what is open again; nothing was said to have stopped before it.
    json wait_for_upgrade() {
        const PulledEvent event = gp->wait_for(CAREPLUG_EVENT_ENGINE);
        INFO(event.body);
        REQUIRE(event.record.status == CAREPLUG_OK);
        return json::parse(event.body);
    }

    EngineFiles files;
    Scene scene;
    std::unique_ptr<TestHost> gp = scene.gp();
    careplug_patient_key key = patient_key(mary, "1944-06-19");
    Opened editing;
};

using Clock = std::chrono::steady_clock;

std::int64_t milliseconds_since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

}  // namespace

TEST_CASE("H4, H16: an engine that is installed takes over in the middle of an edit, and loses no answer") {
    Surgery surgery;
    TestHost& gp = *surgery.gp;
    const auto before = engines();
    const auto installed = Clock::now();
    surgery.files.install_engine();
    // Typing goes on. What was acknowledged must be there afterwards.
    std::string last;
    int times = 0;
    std::vector<careplug_status> others;
    REQUIRE(gp.pump_until([&] {
        const std::string text = "Diabetes " + std::to_string(++times);
        const Outcome typed =
            TestHost::update(surgery.editing.panel, json::array({worded("dx.other", text)}));
        if (typed.status == CAREPLUG_OK)
            last = text;
        else if (typed.status != CAREPLUG_REFUSED_SIGNED_OUT)
            others.push_back(typed.status);
        return engines() != before && typed.status == CAREPLUG_OK;
    }));
    CHECK(others.empty());
    const json told = surgery.wait_for_upgrade();
    CHECK(told.at("reason") == "upgrade");
    CHECK(told.at("panels") == 1);
    CHECK(told.at("not_resumed") == 0);
    REQUIRE(wait_for_knowledge(gp, surgery.key, CAREPLUG_KNOWLEDGE_PLAN));
    std::cout << "engine installed to fresh flags: " << milliseconds_since(installed) << " ms\n";
    CHECK(contains(surgery.form(), "Lung cancer"));
    CHECK(contains(surgery.form(), last));
    const json state = surgery.state();
    CHECK(state.at("upgrades") == 1);
    CHECK(state.at("restarts") == 0);
    CHECK(gp.submit(surgery.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    CHECK(gp.pump_until([&] { return gp.flags(surgery.key).revision == 2; }));
    CHECK(gp.pump_until([&] { return surgery.runs_what_is_installed(); }));
}

TEST_CASE("H3, H16: flags of the engine that made way are last known until the next one has an answer") {
    Surgery surgery;
    TestHost& gp = *surgery.gp;
    surgery.files.install_engine();
    Clock::time_point gone;
    bool sound = true;
    REQUIRE(gp.pump_until([&] { return gp.flags(surgery.key).knowledge != CAREPLUG_KNOWLEDGE_PLAN; }));
    gone = Clock::now();
    REQUIRE(gp.pump_until([&] {
        const auto flags = gp.flags(surgery.key);
        if (flags.knowledge == CAREPLUG_KNOWLEDGE_PLAN) return true;
        const auto ids = gp.flag_ids(flags);
        sound = sound && flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
                flags.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN &&
                std::find(ids.begin(), ids.end(), "dnacpr") != ids.end();
        return false;
    }));
    CHECK(sound);
    std::cout << "upgrade: flags last known for " << milliseconds_since(gone) << " ms\n";
}

TEST_CASE("H4, H16: engines that are installed one right after the other leave the last one") {
    Surgery surgery;
    surgery.files.install_engine();
    surgery.files.install_engine();
    CHECK(surgery.gp->pump_until([&] { return surgery.runs_what_is_installed(); }));
    // Once more while it takes over.
    surgery.files.install_engine();
    const auto until = Clock::now() + std::chrono::milliseconds(700);
    surgery.gp->pump_until([&] { return Clock::now() > until; });
    surgery.files.install_engine();
    CHECK(surgery.gp->pump_until([&] { return surgery.runs_what_is_installed(); }));
    REQUIRE(surgery.gp->pump_until([&] { return contains(surgery.form(), "Lung cancer"); }));
    CHECK(surgery.state().at("restarts") == 0);
    surgery.type("dx.other", "Diabetes");
    CHECK(surgery.gp->submit(surgery.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}

TEST_CASE("H16: the engine goes on where what was installed does not start, until something does") {
    Surgery surgery;
    const auto before = engines();
    SECTION("no program") {
        surgery.files.install_text("this is not an engine");
    }
    SECTION("it may not be executed") {
        surgery.files.install_engine(0600);
    }
    SECTION("another program") {
        surgery.files.install_program("/bin/true");
    }
    SECTION("an engine without a jail that starts plugins") {
        surgery.files.install_jail("/bin/true");
    }
    REQUIRE(surgery.gp->pump_until([&] { return surgery.log_says("this one goes on"); }));
    CHECK(engines() == before);
    CHECK(surgery.gp->flags(surgery.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    surgery.type("dx.other", "Diabetes");
    CHECK(surgery.state().at("upgrades") == 0);

    surgery.files.restore();
    CHECK(surgery.wait_for_upgrade().at("reason") == "upgrade");
    CHECK(surgery.gp->submit(surgery.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    CHECK(surgery.state().at("restarts") == 0);
}

TEST_CASE(
    "H4, H16: an engine dies while what lies in its place does not start: the last that started goes on") {
    Surgery surgery;
    bool told = true;
    SECTION("no program") {
        surgery.files.install_text("this is not an engine");
    }
    SECTION("another program") {
        surgery.files.install_program("/bin/true");
    }
    SECTION("an engine without a jail that starts plugins") {
        surgery.files.install_engine();
        surgery.files.install_jail("/bin/true");
    }
    SECTION("nothing") {
        std::filesystem::remove(surgery.files.engine);
        std::filesystem::remove(surgery.files.jail);
        told = false;
    }
    if (told) REQUIRE(surgery.gp->pump_until([&] { return surgery.log_says("this one goes on"); }));
    for (int times = 1; times <= 2; ++times) {
        REQUIRE(surgery.gp->pump_until([] { return engines().size() == 1; }));
        const auto killed = Clock::now();
        REQUIRE(::kill(engines().front(), SIGKILL) == 0);
        json resumed;
        while (resumed.is_null()) {
            const PulledEvent event = surgery.gp->wait_for(CAREPLUG_EVENT_ENGINE);
            if (event.record.status == CAREPLUG_OK) resumed = json::parse(event.body);
        }
        CHECK(resumed.at("reason") == "restart");
        CHECK(resumed.at("not_resumed") == 0);
        REQUIRE(wait_for_knowledge(*surgery.gp, surgery.key, CAREPLUG_KNOWLEDGE_PLAN));
        std::cout << "engine killed over a broken file to fresh flags: " << milliseconds_since(killed)
                  << " ms\n";
        CHECK(contains(surgery.form(), "Lung cancer"));
        surgery.type("dx.other", "Diabetes " + std::to_string(times));
    }
    surgery.files.restore();
    REQUIRE(
        surgery.gp->pump_until([&] { return surgery.runs_what_is_installed(); }, std::chrono::seconds(60)));
    REQUIRE(surgery.gp->pump_until([&] { return contains(surgery.form(), "Diabetes 2"); }));
    CHECK(surgery.gp->submit(surgery.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}

TEST_CASE("H4, H6: what was submitted when another engine was installed is shared once") {
    Surgery surgery;
    TestHost& gp = *surgery.gp;
    surgery.files.install_engine();
    const auto until = Clock::now() + std::chrono::milliseconds(900);
    gp.pump_until([&] { return Clock::now() > until; });
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    REQUIRE(gp.pump_until([&] {
        return careplug_panel_submit(surgery.editing.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
               CAREPLUG_OK;
    }));
    const PulledEvent done = gp.wait_for(CAREPLUG_EVENT_OPERATION);
    INFO(done.body);
    CHECK(done.record.status == CAREPLUG_OK);
    CHECK(done.record.subject == operation);
    REQUIRE(gp.pump_until([&] { return surgery.runs_what_is_installed(); }));
    CHECK(gp.pump_until([&] { return gp.flags(surgery.key).revision == 2; }));
    careplug_release(operation);
}

TEST_CASE("H16: an engine that took over and dies is replaced like any other, and both are counted") {
    Surgery surgery;
    surgery.files.install_engine();
    CHECK(surgery.wait_for_upgrade().at("reason") == "upgrade");
    REQUIRE(surgery.gp->pump_until([&] { return engines().size() == 1; }));
    REQUIRE(::kill(engines().front(), SIGKILL) == 0);
    for (;;) {
        const PulledEvent event = surgery.gp->wait_for(CAREPLUG_EVENT_ENGINE);
        if (event.record.status != CAREPLUG_OK) continue;
        CHECK(json::parse(event.body).at("reason") == "restart");
        break;
    }
    CHECK(surgery.state().at("upgrades") == 1);
    CHECK(surgery.state().at("restarts") == 1);
    CHECK(contains(surgery.form(), "Lung cancer"));
}
