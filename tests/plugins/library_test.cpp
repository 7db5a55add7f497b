#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

#include "plugin_under_test.h"

using namespace careplug::test;

namespace {

// What `readelf` and `nm` of the compiler's own tools say.
std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    REQUIRE(pipe);
    std::string output;
    char part[4096];
    while (const std::size_t count = std::fread(part, 1, sizeof part, pipe.get())) output.append(part, count);
    return output;
}

std::vector<std::string> needed(const std::string& file) {
    const std::string listing = output_of("LC_ALL=C readelf -d '" + file + "'");
    REQUIRE_THAT(listing, Catch::Contains("Dynamic section"));
    std::vector<std::string> names;
    for (std::size_t at = 0; (at = listing.find("(NEEDED)", at)) != std::string::npos; ++at) {
        const auto from = listing.find('[', at) + 1;
        names.push_back(listing.substr(from, listing.find(']', from) - from));
    }
    return names;
}

}  // namespace

TEST_CASE("A plugin exports careplug_entry and nothing else") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const auto file = plugin_file(name);
    const std::string listing = output_of("nm -D --defined-only --format=posix '" + file.string() + "'");
    CHECK_THAT(listing, Catch::StartsWith("careplug_entry T "));
    CHECK(std::count(listing.begin(), listing.end(), '\n') == 1);
}

TEST_CASE("A plugin needs libc alone") {
#ifdef CAREPLUG_TEST_SANITIZED
    WARN("not looked at: a sanitizer brings libraries of its own");
#else
    const auto* name = GENERATE("gp", "ooh", "ae");
    const auto libraries = needed(plugin_file(name).string());
    CHECK_FALSE(libraries.empty());
    // The dynamic linker is libc's own and in every process already.
    for (const std::string& library : libraries)
        CHECK_THAT(library, Catch::Equals("libc.so.6") || Catch::StartsWith("ld-linux"));
#endif
}
