// A form that asks what cannot be asked here, and what a form says of itself before it is published.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const std::string shipped = std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets";

// The data sets, with one more item in the plan's first section.
std::string data_sets_with(const std::filesystem::path& folder, const json& item) {
    std::filesystem::copy(shipped, folder);
    const auto file = folder / "urgent-care-plan.json";
    json form = json::parse(std::ifstream(file));
    form["item"][0]["item"].push_back(item);
    std::ofstream(file) << form;
    return folder.string();
}

}  // namespace

TEST_CASE(
    "H10: a form with a question that cannot be asked is not filled in; what was published is read with a "
    "warning") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto author = scene.gp();
    publish_plan(*author, key);
    const std::string folder = data_sets_with(
        scene.folder / "sets", {{"linkId", "q.weight"}, {"type", "quantity"}, {"text", "Weight"}});
    TestHost other(scene.exchange, scene.folder / "other", "gp", {"gp", true, "jones", "Dr A. Jones"},
                   [&](json& settings) { settings["datasets"] = folder; });
    other.watch({key});
    REQUIRE(wait_for_knowledge(other, key, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_handle patient = 0;
    careplug_handle panel = 0;
    other.open_patient(key, "Nkemelu", patient);
    const auto refused = other.open_panel(patient, "edit", panel);
    CHECK(refused.status == CAREPLUG_REFUSED);
    CHECK(contains(refused.problem, "q.weight"));
    CHECK(contains(refused.problem, "quantity"));
    const auto reading = open(other, key, "read");
    const json view = TestHost::view(reading.panel).json();
    CHECK(contains(view.value("warnings", json::array()).dump(), "q.weight"));
    CHECK(contains(view.dump(), "Not for attempted"));
}

TEST_CASE("H4: a form says what publishing changes, and which answers it leaves out and keeps in the draft") {
    Scene scene;
    const auto key = patient_key(mary, "1944-06-19");
    const auto host = scene.gp();
    publish_plan(*host, key);
    const auto edit = open(*host, key, "edit");
    CHECK_FALSE(TestHost::view(edit.panel).json().contains("changes"));
    const json view =
        TestHost::update(
            edit.panel, json::array({worded("pref.care", "By the sea"),
                                     coded("cpr.decision", "no-decision-recorded",
                                           "urn:x-local:careplug:urgent-care-plan", "No decision recorded")}))
            .json();
    json changed = json::object();
    for (const auto& one : view.at("changes")) changed[one.at("linkId").get<std::string>()] = one;
    CHECK(changed.at("pref.care").at("after") == "By the sea");
    CHECK(contains(changed.at("cpr.decision").at("before").get<std::string>(), "Not for attempted"));
    CHECK(changed.at("cpr.decision").at("safety_critical") == true);
    CHECK(changed.at("cpr.date").at("after") == "");
    CHECK(contains(view.at("left_out").dump(), "cpr.date"));
}
