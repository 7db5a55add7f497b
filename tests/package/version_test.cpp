#include <careplug/package/version.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace careplug::package;

TEST_CASE("versions are ordered as semantic versioning says") {
    const std::vector<std::string> ascending = {
        "0.0.1",      "0.9.9",        "1.0.0-alpha",   "1.0.0-alpha.1", "1.0.0-alpha.beta",
        "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",    "1.0.0",
        "1.0.1",      "1.2.0",        "1.10.0",        "2.0.0",         "10.0.0"};
    for (std::size_t a = 0; a < ascending.size(); ++a)
        for (std::size_t b = 0; b < ascending.size(); ++b) {
            INFO(ascending[a] << " and " << ascending[b]);
            const auto left = parse_version(ascending[a]);
            const auto right = parse_version(ascending[b]);
            REQUIRE(left);
            REQUIRE(right);
            CHECK(compare(*left, *right) == (a <=> b));
        }
    CHECK(std::is_eq(compare(*parse_version("1.0.0+one"), *parse_version("1.0.0+two"))));
}

TEST_CASE("what is no version is none") {
    for (const char* text :
         {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+",
          "v1.2.3", "1.2.x", "1.2.-3", " 1.2.3", "1.2.3 ", "1.2.3\n", "9999999999.0.0", "1.2.3-\xC3\xA4"}) {
        INFO(text);
        CHECK_FALSE(parse_version(text));
    }
}

TEST_CASE("versions of the contract are ordered, candidates before the final one") {
    const std::vector<std::string> ascending = {"0.9", "1.0-rc.1", "1.0-rc.2", "1.0-rc.10",
                                                "1.0", "1.1",      "2.0"};
    for (std::size_t a = 0; a < ascending.size(); ++a)
        for (std::size_t b = 0; b < ascending.size(); ++b) {
            const auto left = parse_abi_version(ascending[a]);
            const auto right = parse_abi_version(ascending[b]);
            REQUIRE(left);
            REQUIRE(right);
            CHECK(compare(*left, *right) == (a <=> b));
            CHECK(text_of(*left) == ascending[a]);
        }
    for (const char* text : {"", "1", "1.0.0", "1.0-rc.0", "1.0-rc.", "1.0-beta.1", "01.0", "1.0-rc.1 "})
        CHECK_FALSE(parse_abi_version(text));
}
