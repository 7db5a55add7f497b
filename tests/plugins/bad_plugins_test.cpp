#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;

TEST_CASE("A file that is no library is not loaded") {
    REQUIRE(std::filesystem::exists(bad_plugin_file("not_a_library")));
    boost::dll::fs::error_code error;
    boost::dll::shared_library library;
    library.load(bad_plugin_file("not_a_library"), error);
    CHECK(error);
    CHECK_FALSE(library.is_loaded());
}

TEST_CASE("A library without the entry is recognised") {
    boost::dll::shared_library library(bad_plugin_file("no_entry"),
                                       boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    CHECK(library.has("something_else"));
    CHECK_FALSE(library.has("careplug_entry"));
}

TEST_CASE("A plugin of another version refuses and gives no table") {
    boost::dll::shared_library library(bad_plugin_file("other_version"),
                                       boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    const auto entry = &library.get<careplug_status(const careplug_plugin_offer*, careplug_plugin_answer*)>(
        "careplug_entry");
    const auto offer = current_offer();
    auto answer = empty_answer();
    CHECK(entry(&offer, &answer) == CAREPLUG_REFUSED_VERSION);
    CHECK(answer.policy == nullptr);
    CHECK_THAT(std::string(reinterpret_cast<const char*>(answer.sentence)),
               Catch::Contains("9.0") && Catch::Contains("1.0-rc.1"));
}

TEST_CASE("Whatever a policy throws becomes a status and a sentence without a person's name") {
    const PluginUnderTest plugin{bad_plugin_file("throwing")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));

    const Answer refused = policy.actions(patient_document("plan", true));
    CHECK(refused.status == CAREPLUG_REFUSED_ROLE);
    CHECK(refused.text == "Nobody may do this.");
    for (const Answer& failed : {policy.panel(panel_request("create")), policy.check(full_response().dump()),
                                 policy.summary(plan_document()), policy.write_back(plan_document())}) {
        CHECK(failed.status == CAREPLUG_FAILED_PLUGIN);
        CHECK_FALSE(failed.text.empty());
        CHECK_THAT(failed.text, !Catch::Contains("Patel"));
    }
}

TEST_CASE("A policy that throws over its flags leaves the engine's flags as they were") {
    const PluginUnderTest plugin{bad_plugin_file("throwing")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    auto flags = flags_of_one_patient({"plan", "dnacpr"});
    CHECK(policy.table().flags(policy.handle(), flags.data(), sizeof flags[0], flags.size(), now) ==
          CAREPLUG_FAILED_PLUGIN);
    for (const auto& flag : flags) CHECK(flag.order == 0);
}

TEST_CASE("A policy that throws while it opens, or opens nothing, gives no handle") {
    const PluginUnderTest plugin{bad_plugin_file("throwing")};
    const auto* view = GENERATE("throw", "nothing");
    const std::string session = session_document(view, "gp");
    std::uint64_t handle = 5;
    CHECK(plugin.table().open(session.data(), session.size(), &handle) == CAREPLUG_FAILED_PLUGIN);
    CHECK(handle == 0);
}
