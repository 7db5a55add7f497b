#include <catch2/catch.hpp>

#include <careplug/plan/fhir.h>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;
using nlohmann::json;
namespace plan = careplug::plan;

namespace {

json panel_of(const OpenPolicy& policy, const std::string& request) {
    const Answer answer = policy.panel(request);
    INFO(answer.text);
    REQUIRE(answer.status == CAREPLUG_OK);
    CHECK(policy.panel(request).text == answer.text);
    return json::parse(answer.text);
}

plan::Answers initial_of(const json& panel) {
    CHECK(panel.at("initial").at("questionnaire") == urgent_care_plan().canonical());
    return plan::fhir::read_answers(urgent_care_plan(), panel.at("initial"));
}

bool contains(const json& list, const std::string& link_id) {
    return std::find(list.begin(), list.end(), link_id) != list.end();
}

}  // namespace

TEST_CASE(
    "The quick entry asks the core in entry order, then the identity strip; the rest lies behind More") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const json panel = panel_of(policy, panel_request("create", {{"record", record_bundle()}}));
    CHECK(panel.at("mode") == "edit");
    CHECK(panel.at("mode_words") == "Quick entry: 20 questions");
    const json& core = panel.at("core");
    REQUIRE(core.size() == 41);
    CHECK(core.at(0) == "con.status");
    CHECK(core.at(1) == "con.date");
    CHECK(core.at(2) == "leg.capacity");
    CHECK(core.at(4) == "cpr.decision");
    CHECK(core.at(32) == "meta.review");
    for (std::size_t i = 33; i < core.size(); ++i)
        CHECK(urgent_care_plan().find(core.at(i).get<std::string>())->entry == "confirm");
    CHECK(contains(panel.at("more"), "pref.faith"));
    CHECK_FALSE(contains(panel.at("more"), "con.status"));
    CHECK_FALSE(contains(panel.at("more"), "tep.goal"));
}

TEST_CASE("A new plan is pre-filled from the host's record, and decisions never are") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const plan::Answers initial =
        initial_of(panel_of(policy, panel_request("create", {{"record", record_bundle()}})));
    CHECK(initial.text("dem.family") == "Marlowe");
    CHECK_FALSE(initial.has("cpr.decision"));
    CHECK_FALSE(initial.has("leg.adrt"));
    CHECK_FALSE(initial.has("con.status"));
}

TEST_CASE("H14: without the host's record nothing is asserted of allergies") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const plan::Answers initial = initial_of(panel_of(policy, panel_request("create")));
    REQUIRE(initial.first("alg.state") != nullptr);
    CHECK(std::get<plan::Coding>(*initial.first("alg.state")).code == "not-recorded-could-not-be-read");
    CHECK_FALSE(initial.has("alg.list"));
    CHECK_FALSE(initial.has("dem.family"));
}

TEST_CASE("Editing starts from the published plan, continuing from the draft") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    plan::Answers draft = published_answers();
    draft.set("pref.matters", std::string("My cat"));
    const json both = {{"published", full_response()}, {"draft", response_of(draft)}};
    CHECK(initial_of(panel_of(policy, panel_request("edit", {{"published", full_response()}}))) ==
          plan::fhir::read_answers(urgent_care_plan(), full_response()));
    CHECK(initial_of(panel_of(policy, panel_request("continue", both))).text("pref.matters") == "My cat");
}

TEST_CASE("H4: a draft that exists is what an edit starts from") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    plan::Answers draft = published_answers();
    draft.set("pref.matters", std::string("My cat"));
    const json both = {{"published", full_response()}, {"draft", response_of(draft)}};
    CHECK(initial_of(panel_of(policy, panel_request("edit", both))).text("pref.matters") == "My cat");
}

TEST_CASE("H7: reading shows the published plan, never a draft") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    plan::Answers draft = published_answers();
    draft.set("pref.matters", std::string("My cat"));
    const json panel = panel_of(
        policy, panel_request("read", {{"published", full_response()}, {"draft", response_of(draft)}}));
    CHECK(panel.at("mode") == "read");
    CHECK_FALSE(initial_of(panel).has("pref.matters"));
    const auto& summary = urgent_care_plan().summaries.at(name);
    CHECK(panel.at("core").at(0) == summary.at(0));
    CHECK(contains(panel.at("core"), "cpr.decision"));
}

TEST_CASE("H12: a field that a view does not show is in neither part of its reading panel") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    const json panel = panel_of(policy, panel_request("read", {{"published", full_response()}}));
    CHECK_FALSE(contains(panel.at("core"), "dem.keysafe"));
    CHECK_FALSE(contains(panel.at("more"), "dem.keysafe"));
}

TEST_CASE("A contact note is the form of the contact data set") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "ooh_clinician"));
    const json panel = panel_of(policy, panel_request("note", {{"published", full_response()}}));
    CHECK(panel.at("mode") == "note");
    CHECK(contains(panel.at("core"), "evt.note.text"));
    CHECK(contains(panel.at("core"), "evt.note.outcome"));
    CHECK(panel.at("initial").at("questionnaire") == urgent_care_contact().canonical());
}

TEST_CASE("A panel request that contradicts itself is refused with a sentence") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    for (const std::string& request :
         {panel_request("continue"), panel_request("dance"),
          panel_request("create", {{"data_set", "http://example.org/other|9"}})}) {
        const Answer answer = policy.panel(request);
        CHECK(answer.status >= CAREPLUG_REFUSED);
        CHECK(answer.status < CAREPLUG_FAILED);
        CHECK_THAT(answer.text, Catch::EndsWith("."));
    }
}

TEST_CASE("An edit or reading whose plan is still on its way has its layout and no answers") {
    const auto* action = GENERATE("edit", "read");
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const json panel = panel_of(policy, panel_request(action, {{"record", record_bundle()}}));
    CHECK_FALSE(panel.at("core").empty());
    CHECK(initial_of(panel).items.empty());
}

TEST_CASE("H5: a plan published meanwhile is not covered by what the record suggests") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const json late = {{"published", full_response()}, {"record", record_bundle()}};
    CHECK(initial_of(panel_of(policy, panel_request("create", late))) ==
          plan::fhir::read_answers(urgent_care_plan(), full_response()));
}
