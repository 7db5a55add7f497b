// The history of a plan, and an earlier revision as a new draft, over real engines and the real exchange.
#include <catch2/catch.hpp>
#include <chrono>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

constexpr const char* born = "1944-06-19";

std::uint32_t publish_change(TestHost& host, const careplug_patient_key& key, const json& items) {
    const Opened opened = open(host, key, "edit");
    const Outcome written = TestHost::update(opened.panel, items);
    INFO(written.problem);
    REQUIRE(written.status == CAREPLUG_OK);
    const Outcome published = host.submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(opened.patient) == CAREPLUG_OK);
    return published.json().at("revision");
}

json for_cpr() {
    return json::array({coded("cpr.decision", "450475007", "http://snomed.info/sct",
                              "For attempted cardiopulmonary resuscitation")});
}

json history_of(TestHost& host, careplug_handle panel, std::size_t revisions) {
    const auto view = wait_for_view(host, panel, [&](const json& each) {
        return each.contains("history") && each.at("history").size() >= revisions;
    });
    return view.at("history");
}

json change_of(const json& entry, const std::string& link_id) {
    for (const auto& one : entry.at("changes"))
        if (one.at("linkId") == link_id) return one;
    return nullptr;
}

}  // namespace

TEST_CASE(
    "H5: history tells every published revision: who, when and what changed, by hidden answers that they "
    "did") {
    Scene scene;
    const auto gp = scene.gp();
    const auto second = scene.gp("second", "jones");
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    publish_change(*gp, key, for_cpr());
    second->watch({key});
    REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
    publish_change(*second, key,
                   json::array({worded("dx.primary", "Lung cancer"), worded("dem.keysafe", "Code 4711")}));
    const Opened opened = open(*gp, key, "history");
    const json history = history_of(*gp, opened.panel, 3);
    REQUIRE(history.size() == 3);
    CHECK(history[0].at("revision") == 3);
    CHECK(history[0].at("current") == true);
    CHECK_FALSE(history[0].contains("restore"));
    CHECK(contains(history[0].at("author"), "Dr A. Patel"));
    const json diagnosis = change_of(history[0], "dx.primary");
    CHECK(diagnosis.at("after") == "Lung cancer");
    CHECK(diagnosis.at("change") == "changed");
    const json safe = change_of(history[0], "dem.keysafe");
    CHECK(safe.at("masked") == true);
    CHECK_FALSE(contains(history.dump(), "4711"));
    const json cpr = change_of(history[1], "cpr.decision");
    CHECK(contains(cpr.at("before"), "Not for attempted"));
    CHECK(contains(cpr.at("after"), "For attempted"));
    CHECK(history[1].at("restore") == "restore.2");
    CHECK(change_of(history[2], "cpr.decision").at("change") == "added");

    // A&E reads it, within its view, and restores nothing.
    const auto ae = scene.ae();
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, key, "history");
    const json theirs = history_of(*ae, reading.panel, 3);
    CHECK(change_of(theirs[0], "dem.keysafe").is_null());
    CHECK_FALSE(theirs[2].contains("restore"));
    CHECK_FALSE(change_of(theirs[1], "cpr.decision").is_null());
    careplug_handle refused = 0;
    CHECK(ae->open_panel(reading.patient, "restore.1", refused).status == CAREPLUG_REFUSED_ROLE);
}

TEST_CASE("H7: an earlier revision is restored as a draft: nothing is shared until its author publishes it") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    publish_change(*gp, key, for_cpr());
    const Opened opened = open(*gp, key, "history");
    history_of(*gp, opened.panel, 2);
    careplug_handle panel = 0;
    REQUIRE(gp->pump_until(
        [&] { return gp->open_panel(opened.patient, "restore.1", panel).status == CAREPLUG_OK; }));
    const json view = TestHost::view(panel).json();
    CHECK(view.at("mode") == "edit");
    CHECK(contains(view.at("restored"), "revision 1"));
    CHECK(contains(TestHost::call(careplug_panel_response, panel).text, "450476008"));
    CHECK(gp->flags(key).revision == 2);
    CHECK_FALSE(has_flag(*gp, key, "dnacpr"));
    REQUIRE(careplug_patient_close(opened.patient) == CAREPLUG_OK);

    // It is an ordinary draft: found again after a restart, and published by hand.
    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened again = open(*gp, key, "continue");
    CHECK(contains(TestHost::view(again.panel).json().at("restored"), "revision 1"));
    const Outcome published = gp->submit(again.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 3);
    CHECK(gp->pump_until([&] { return has_flag(*gp, key, "dnacpr"); }));
}

TEST_CASE(
    "H5: a restored revision that meets what was published meanwhile is merged, and a conflict asks a "
    "person") {
    Scene scene;
    const auto gp = scene.gp();
    const auto second = scene.gp("second", "jones");
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    publish_change(*gp, key, for_cpr());
    const Opened opened = open(*gp, key, "history");
    history_of(*gp, opened.panel, 2);
    careplug_handle panel = 0;
    REQUIRE(gp->pump_until(
        [&] { return gp->open_panel(opened.patient, "restore.1", panel).status == CAREPLUG_OK; }));
    second->watch({key});
    REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
    publish_change(*second, key, json::array({worded("cpr.where", "In the kitchen drawer")}));
    const Outcome refused = gp->submit(panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(refused.status == CAREPLUG_REFUSED_CONFLICT);
    const json view = TestHost::view(panel).json();
    REQUIRE(view.at("conflicts").size() == 1);
    CHECK(view.at("conflicts").at(0).at("unit") == "cpr");
    CHECK(gp->flags(key).revision == 3);
}

TEST_CASE("H8: a history of a plan whose consent was withdrawn is not shown") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    const Opened opened = open(*gp, key, "history");
    history_of(*gp, opened.panel, 1);
    careplug_handle panel = 0;
    REQUIRE(gp->open_panel(opened.patient, "suspend", panel).status == CAREPLUG_OK);
    REQUIRE(gp->submit(panel, CAREPLUG_INTENT_SUSPEND).status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const json view = TestHost::view(opened.panel).json();
    CHECK_FALSE(view.contains("history"));
    CHECK(view.at("plan") != "arrived");
}

// Run by name: prints how long it takes, and judges nothing by it.
TEST_CASE("How long a history of 50 revisions takes to open", "[.measure]") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    for (int revision = 2; revision <= 50; ++revision)
        publish_change(*gp, key,
                       json::array({worded("dx.primary", "Diagnosis " + std::to_string(revision))}));
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key, "Test, Patient", patient).status < 100);
    for (const char* which : {"cold", "warm"}) {
        const auto began = std::chrono::steady_clock::now();
        careplug_handle panel = 0;
        REQUIRE(gp->open_panel(patient, "history", panel).status < 100);
        const json history = history_of(*gp, panel, 50);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
        CHECK(history.size() == 50);
        const auto drawing = std::chrono::steady_clock::now();
        const std::size_t size = TestHost::view(panel).text.size();
        const std::chrono::duration<double, std::milli> drew = std::chrono::steady_clock::now() - drawing;
        WARN(which << ": open to shown " << took.count() << " ms; view again " << drew.count() << " ms, "
                   << size << " bytes");
        REQUIRE(careplug_panel_close(panel) == CAREPLUG_OK);
    }
}
