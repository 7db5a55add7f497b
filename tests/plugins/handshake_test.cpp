#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plugin_under_test.h"

using namespace careplug::test;

namespace {

std::string sentence(const careplug_plugin_answer& answer) {
    return std::string(reinterpret_cast<const char*>(answer.sentence));
}

}  // namespace

TEST_CASE("Every plugin shakes hands with an engine of its own version, also twice") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const auto offer = current_offer();
    auto first = empty_answer();
    auto second = empty_answer();
    REQUIRE(plugin.entry()(&offer, &first) == CAREPLUG_OK);
    REQUIRE(plugin.entry()(&offer, &second) == CAREPLUG_OK);
    CHECK(first.policy == second.policy);
    CHECK(first.major == CAREPLUG_ABI_MAJOR);
    CHECK(first.minor == CAREPLUG_ABI_MINOR);
    CHECK(first.candidate == CAREPLUG_ABI_CANDIDATE);
    CHECK(first.policy->size == sizeof(careplug_policy));
}

TEST_CASE("Another version is refused with both versions and the remedy") {
    const PluginUnderTest plugin{std::string("gp")};
    auto offer = current_offer();
    std::string words;
    SECTION("another candidate") {
        offer.candidate = 7;
        words = "1.0-rc.7";
    }
    SECTION("a release") {
        offer.candidate = 0;
        words = "engine 1.0.";
    }
    SECTION("another minor") {
        offer.minor = 3;
        words = "1.3-rc.1";
    }
    SECTION("another major") {
        offer.major = 2;
        words = "2.0-rc.1";
    }
    auto answer = empty_answer();
    CHECK(plugin.entry()(&offer, &answer) == CAREPLUG_REFUSED_VERSION);
    CHECK(answer.policy == nullptr);
    CHECK_THAT(sentence(answer), Catch::Contains("careplug.gp speaks Careplug 1.0-rc.1"));
    CHECK_THAT(sentence(answer), Catch::Contains(words));
    CHECK_THAT(sentence(answer), Catch::Contains("Install the plugin"));
}

TEST_CASE("A handshake without offer, or with records below version 1, is refused") {
    const PluginUnderTest plugin{std::string("gp")};
    auto offer = current_offer();
    auto answer = empty_answer();
    CHECK(plugin.entry()(&offer, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(plugin.entry()(nullptr, &answer) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(answer.policy == nullptr);
    CHECK_FALSE(sentence(answer).empty());
    answer = empty_answer();
    offer.size = 8;
    CHECK(plugin.entry()(&offer, &answer) == CAREPLUG_REFUSED_ARGUMENT);
    offer = current_offer();
    answer.size = 20;
    CHECK(plugin.entry()(&offer, &answer) == CAREPLUG_REFUSED_ARGUMENT);
}

TEST_CASE("A later engine's larger records are accepted, and what the plugin does not know is zeroed") {
    const PluginUnderTest plugin{std::string("gp")};
    struct LaterOffer {
        careplug_plugin_offer known;
        std::uint64_t added;
    } offer = {current_offer(), 7};
    offer.known.size = sizeof offer;
    struct LaterAnswer {
        careplug_plugin_answer known;
        std::uint64_t added;
    } answer = {empty_answer(), 7};
    answer.known.size = sizeof answer;
    REQUIRE(plugin.entry()(&offer.known, &answer.known) == CAREPLUG_OK);
    CHECK(answer.known.size == sizeof(careplug_plugin_answer));
    CHECK(answer.added == 0);
}

TEST_CASE("A plugin says who it is") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    std::uint64_t length = 0;
    REQUIRE(plugin.table().describe(nullptr, 0, &length) == CAREPLUG_OK);
    std::string text(length, '?');
    REQUIRE(plugin.table().describe(text.data(), text.size(), &length) == CAREPLUG_OK);
    const auto document = nlohmann::json::parse(text);
    CHECK(document.at("id") == std::string("careplug.") + name);
    CHECK(document.at("view") == name);
    CHECK_FALSE(document.at("version").get<std::string>().empty());
    CHECK_FALSE(document.at("title").get<std::string>().empty());
}
