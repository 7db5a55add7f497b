// One author at two computers: two engines, each with a store of its own.
#include <signal.h>

#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

struct TwoComputers {
    Scene scene;
    std::shared_ptr<std::string> store = std::make_shared<std::string>("store");
    careplug_patient_key key = patient_key(mary, "1944-06-19");
    std::unique_ptr<TestHost> surgery = at_first();
    std::unique_ptr<TestHost> home;

    TwoComputers() {
        publish_plan(*surgery, key);
        *store = "store at home";
        home = std::make_unique<TestHost>(*surgery);
        *store = "store";
        home->watch({key});
        REQUIRE(wait_for_knowledge(*home, key, CAREPLUG_KNOWLEDGE_PLAN));
    }

    std::unique_ptr<TestHost> at_first() {
        const auto folder = scene.folder / "gp";
        return std::make_unique<TestHost>(
            scene.exchange, folder, "gp", SignedIn{"gp", false, "patel", "Dr A. Patel"},
            [folder, name = store](json& settings) { settings["store"] = (folder / *name).string(); });
    }
};

json dx(const std::string& words) {
    return json::array({worded("dx.primary", words)});
}

bool offers(TestHost& host, careplug_handle patient, const std::string& id, bool there = true) {
    const auto now = [&] {
        return contains(TestHost::call(careplug_actions, patient).text, "\"" + id + "\"");
    };
    return host.pump_until([&] { return now() == there; }, std::chrono::seconds(40));
}

Opened patient_at(TestHost& host, const careplug_patient_key& key) {
    Opened opened;
    REQUIRE(host.open_patient(key, "Test, Patient", opened.patient).status < 100);
    return opened;
}

void write(const Opened& opened, const json& items) {
    const Outcome written = TestHost::update(opened.panel, items);
    INFO(written.problem);
    REQUIRE(written.status == CAREPLUG_OK);
}

}  // namespace

TEST_CASE("H4: a draft goes on at another computer, to the last answered field, and for its author alone") {
    TwoComputers two;
    auto colleague = two.scene.gp("second", "jones");
    colleague->watch({two.key});
    REQUIRE(wait_for_knowledge(*colleague, two.key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened at_surgery = open(*two.surgery, two.key, "edit");
    write(at_surgery, dx("Lung cancer"));
    const Opened at_home = patient_at(*two.home, two.key);
    REQUIRE(offers(*two.home, at_home.patient, "resume"));
    // Offered, and nothing of it applied.
    const json first = TestHost::call(careplug_actions, at_home.patient).json().at("actions").at(0);
    CHECK(first.value("id", "") == "resume");
    CHECK(first.value("primary", false) == true);
    CHECK_FALSE(contains(TestHost::call(careplug_actions, at_home.patient).text, "\"continue\""));
    CHECK(contains(TestHost::call(careplug_actions, at_home.patient).text, "from another computer"));
    const Opened hers = patient_at(*colleague, two.key);
    CHECK_FALSE(contains(TestHost::call(careplug_actions, hers.patient).text, "resume"));
    CHECK_FALSE(has_flag(*colleague, two.key, "own-draft"));
    CHECK_FALSE(has_flag(*colleague, two.key, "awaiting-approval"));
    // Others see a copy a moment before its own computer has noted that it was taken. Ended in between, that
    // computer would keep its draft, and offer it: lost it is not.
    two.surgery->pump_until([] { return false; }, std::chrono::seconds(2));
    two.surgery->close();

    const Opened resumed = open(*two.home, two.key, "resume");
    const json view = TestHost::view(resumed.panel).json();
    CHECK(view.at("draft").at("resumed") == true);
    CHECK(contains(TestHost::call(careplug_panel_response, resumed.panel).text, "Lung cancer"));
    write(resumed, dx("Lung cancer, stage 4"));

    // Killed before or after the copy was written: one draft all the same.
    for (const pid_t engine : engines()) ::kill(engine, SIGKILL);
    two.home->close();
    *two.store = "store at home";
    two.home->open();
    *two.store = "store";
    two.home->watch({two.key});
    REQUIRE(wait_for_knowledge(*two.home, two.key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened continued = open(*two.home, two.key, "continue");
    CHECK(contains(TestHost::call(careplug_panel_response, continued.panel).text, "stage 4"));
    CHECK(offers(*two.home, continued.patient, "resume", false));
    const Outcome published = two.home->submit(continued.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);

    // What was published elsewhere is no draft here any more.
    two.surgery->open();
    two.surgery->watch({two.key});
    const Opened again = patient_at(*two.surgery, two.key);
    CHECK(offers(*two.surgery, again.patient, "continue", false));
    CHECK(offers(*two.home, continued.patient, "resume", false));
    CHECK(two.home->flags(two.key).revision == 2);
}

TEST_CASE("H4, H5: drafts of one author on two computers come together unit by unit, the author decides") {
    TwoComputers two;
    const Opened at_surgery = open(*two.surgery, two.key, "edit");
    const Opened at_home = open(*two.home, two.key, "edit");
    two.scene.exchange.stop();
    // Without a line what is typed is as safe as ever.
    write(at_surgery, dx("Lung cancer"));
    write(at_home,
          {worded("dx.primary", "Dementia"), coded("cpr.decision", "450475007", "http://snomed.info/sct",
                                                   "For attempted cardiopulmonary resuscitation")});
    two.scene.exchange.start();
    // Whichever copy came first, the other computer is told of it.
    TestHost* second = nullptr;
    Opened late;
    const auto told = [&](TestHost& host, const Opened& opened) {
        if (!contains(TestHost::call(careplug_actions, opened.patient).text, "\"resume\"")) return false;
        second = &host;
        late = opened;
        return true;
    };
    REQUIRE(two.surgery->pump_until(
        [&] {
            two.home->pump_until([] { return false; }, std::chrono::seconds(1));
            return told(*two.surgery, at_surgery) || told(*two.home, at_home);
        },
        std::chrono::seconds(60)));
    CHECK(TestHost::view(late.panel).json().contains("draft_elsewhere"));
    careplug_panel_close(late.panel);
    const Opened both = open(*second, two.key, "resume");
    const json view = TestHost::view(both.panel).json();
    REQUIRE(view.at("conflicts").size() == 1);
    const json conflict = view.at("conflicts").at(0);
    CHECK(contains(conflict.dump(), "Lung cancer"));
    CHECK(contains(conflict.dump(), "Dementia"));
    CHECK(conflict.at("theirs_author") == "You, on another computer");
    CHECK_FALSE(conflict.at("theirs_amended").get<std::string>().empty());
    const std::string unit = conflict.at("unit");
    careplug_handle result = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_resolve(both.panel, unit.data(), unit.size(), CAREPLUG_KEEP_THEIRS, &result,
                                   &problem) == CAREPLUG_OK);
    careplug_release(result);
    // Both are kept until this computer's draft holds both.
    const std::string response = TestHost::call(careplug_panel_response, both.panel).text;
    CHECK(contains(response, "450475007"));
    CHECK(offers(*second, both.patient, "resume", false));
}

TEST_CASE(
    "H4: a draft that is discarded on one computer is discarded on the other, if nothing was added there") {
    TwoComputers two;
    const Opened at_surgery = open(*two.surgery, two.key, "edit");
    write(at_surgery, dx("Lung cancer"));
    const Opened at_home = patient_at(*two.home, two.key);
    REQUIRE(offers(*two.home, at_home.patient, "resume"));
    const Opened resumed = open(*two.home, two.key, "resume");
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_discard(resumed.panel, &problem) == CAREPLUG_OK);
    careplug_panel_close(at_surgery.panel);
    CHECK(offers(*two.surgery, at_surgery.patient, "continue", false));
    CHECK(offers(*two.home, at_home.patient, "resume", false));
}

TEST_CASE("H4: an exchange that has lost the copy of a draft costs nobody the draft") {
    TwoComputers two;
    const Opened at_surgery = open(*two.surgery, two.key, "edit");
    write(at_surgery, dx("Lung cancer"));
    const Opened at_home = patient_at(*two.home, two.key);
    REQUIRE(offers(*two.home, at_home.patient, "resume"));
    two.scene.exchange.stop();
    std::filesystem::remove_all(two.scene.folder / "exchange" / "exchange");
    two.scene.exchange.start();
    two.surgery->close();
    two.surgery->open();
    two.surgery->watch({two.key});
    REQUIRE(wait_for_knowledge(*two.surgery, two.key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened again = patient_at(*two.surgery, two.key);
    REQUIRE(offers(*two.surgery, again.patient, "continue"));
    // Looked for and not found.
    two.surgery->pump_until([] { return false; }, std::chrono::seconds(4));
    const Opened continued = open(*two.surgery, two.key, "continue");
    CHECK(contains(TestHost::call(careplug_panel_response, continued.panel).text, "Lung cancer"));
}
