#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;

TEST_CASE("The sample plugin of the docs does what its page says") {
    const PluginUnderTest plugin{sample_plugin_file("night_nursing")};
    const OpenPolicy policy(plugin, session_document("ooh", "district_nurse"));
    CHECK(
        nlohmann::json::parse(policy.actions(patient_document("no-plan", true)).text).at("actions").empty());
    const Answer actions = policy.actions(patient_document("plan", true, false, 7));
    CHECK_THAT(actions.text, Catch::Contains("Add night note") && Catch::Contains("\"edit\""));
    CHECK_THAT(policy.check(full_response().dump()).text, Catch::Contains("No number to call at night"));
}
