#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;

namespace {

nlohmann::json cpr(const std::string& code, const std::string& display) {
    return nlohmann::json::array({coded("cpr.decision", code, "http://snomed.info/sct", display)});
}

}  // namespace

TEST_CASE("H5: two sessions that save the same plan: the second sees both versions and decides") {
    Scene scene;
    const auto first = scene.gp();
    const auto second = scene.gp("second", "jones");
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*first, key);
    second->watch({key});
    REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened mine = open(*first, key, "edit");
    const Opened theirs = open(*second, key, "edit");
    REQUIRE(
        TestHost::update(mine.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")})).status ==
        CAREPLUG_OK);
    REQUIRE(
        TestHost::update(theirs.panel, nlohmann::json::array({worded("dx.primary", "Dementia")})).status ==
        CAREPLUG_OK);
    REQUIRE(second->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);

    const Outcome refused = first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(refused.status == CAREPLUG_REFUSED_CONFLICT);
    CHECK(contains(refused.text, "NOT shared"));
    const auto view = TestHost::view(mine.panel).json();
    REQUIRE(view.contains("conflicts"));
    const auto conflict = view.at("conflicts").at(0);
    CHECK(contains(conflict.at("mine").dump(), "Lung cancer"));
    CHECK(contains(conflict.at("theirs").dump(), "Dementia"));
    careplug_handle problem = 0;
    CHECK(careplug_patient_may_close(mine.patient, &problem) == CAREPLUG_REFUSED_STAY);
    careplug_release(problem);
    CHECK(first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_CONFLICT);

    const std::string unit = conflict.at("unit");
    careplug_handle result = 0;
    REQUIRE(careplug_panel_resolve(mine.panel, unit.data(), unit.size(), CAREPLUG_KEEP_MINE, &result,
                                   &problem) == CAREPLUG_OK);
    careplug_release(result);
    const Outcome published = first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    CHECK(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 3);
}

TEST_CASE("Changes of different parts merge, and a person sees the merged plan before it is published") {
    Scene scene;
    const auto first = scene.gp();
    const auto second = scene.gp("second", "jones");
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*first, key);
    second->watch({key});
    REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened mine = open(*first, key, "edit");
    const Opened theirs = open(*second, key, "edit");
    REQUIRE(
        TestHost::update(mine.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")})).status ==
        CAREPLUG_OK);
    REQUIRE(TestHost::update(theirs.panel, cpr("450475007", "For attempted cardiopulmonary resuscitation"))
                .status == CAREPLUG_OK);
    REQUIRE(second->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_CONFLICT);
    const auto view = TestHost::view(mine.panel).json();
    CHECK_FALSE(view.contains("conflicts"));
    REQUIRE(view.contains("merged"));
    CHECK(view.at("merged").at(0).at("unit") == "cpr");
    const Outcome published = first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    const auto response = TestHost::call(careplug_panel_response, mine.panel).text;
    CHECK(contains(response, "Lung cancer"));
    CHECK(contains(response, "450475007"));
}

TEST_CASE("Who may not publish is told who may, and keeps the draft") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    TestHost nurse(scene.exchange, scene.folder / "nurse", "gp",
                   SignedIn{"district_nurse", false, "dn", "Nurse D. Hill"});
    nurse.watch({key});
    REQUIRE(wait_for_knowledge(nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(nurse, key, "edit");
    REQUIRE(
        TestHost::update(opened.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")})).status ==
        CAREPLUG_OK);
    const Outcome refused = nurse.submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(refused.status == CAREPLUG_REFUSED_ROLE);
    CHECK(contains(refused.problem, "GP"));
    const Outcome submitted = nurse.submit(opened.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(submitted.problem << submitted.text);
    CHECK(submitted.status == CAREPLUG_OK);
    CHECK(nurse.flags(key).revision == 1);
}
