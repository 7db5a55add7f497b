#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

json outcome(const OpenPolicy& policy, const careplug::plan::Answers& answers) {
    const Answer answer = policy.check(response_of(answers).dump());
    INFO(answer.text);
    REQUIRE(answer.status == CAREPLUG_OK);
    CHECK(policy.check(response_of(answers).dump()).text == answer.text);
    const json document = json::parse(answer.text);
    CHECK(document.at("resourceType") == "OperationOutcome");
    return document;
}

bool names(const json& document, const std::string& link_id) {
    return document.dump().find(link_id) != std::string::npos;
}

}  // namespace

TEST_CASE("The preferred place of death is asked for once, and never blocks") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    auto answers = published_answers();
    const json without = outcome(policy, answers);
    CHECK(names(without, "pref.ppd1"));
    CHECK(names(without, "pref.care"));
    for (const json& issue : without.at("issue")) CHECK(issue.at("severity") != "error");
    const auto& options = urgent_care_plan().find("pref.ppd1")->options;
    REQUIRE_FALSE(options.empty());
    answers.set("pref.ppd1", options.front().coding);
    CHECK_FALSE(names(outcome(policy, answers), "pref.ppd1"));
}

TEST_CASE("A question that is not asked of this person is not prompted for") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    auto answers = published_answers();
    answers.clear("leg.adrt");
    answers.clear("leg.adrt_date");
    CHECK_FALSE(names(outcome(policy, answers), "leg.adrt_date"));
}
