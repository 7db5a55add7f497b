#include "symbols.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace careplug::architecture;
using Words = std::vector<std::string>;

namespace {

std::set<std::string> host_functions() {
    std::ostringstream text;
    text << std::ifstream(CAREPLUG_SOURCE_DIR "/abi/include/careplug/host.h").rdbuf();
    return functions_declared(text.str());
}

}  // namespace

TEST_CASE("The functions of host.h are read from it") {
    const auto functions = host_functions();
    CHECK(functions.size() >= 30);
    CHECK(functions.count("careplug_open") == 1);
    CHECK(functions.count("careplug_panel_submit") == 1);
    CHECK(functions.count("careplug_entry") == 0);
}

TEST_CASE("The programs of hosts use no symbol of ours but those of host.h") {
    std::istringstream programs(CAREPLUG_HOST_PROGRAMS);
    std::size_t looked_at = 0;
    for (std::string program; std::getline(programs, program, ':');) {
        if (program.empty()) continue;
        INFO(program);
        const std::string symbols = nm(program);
        // A program without careplug_open is stripped or no host: then this test would see nothing.
        REQUIRE(symbols.find("careplug_open") != std::string::npos);
        CHECK(foreign_symbols(symbols, host_functions(), "sim") == Words{});
        ++looked_at;
    }
    if (looked_at == 0) WARN("no host is part of this build");
}

TEST_CASE("A symbol of ours beyond host.h is found") {
    const std::set<std::string> allowed = {"careplug_open"};
    CHECK(foreign_symbols("                 U careplug_open\n0000000000001139 T main\n"
                          "0000000000001200 T careplug::sim::Desk::open(careplug_patient_key const&)\n",
                          allowed, "sim")
              .empty());
    CHECK(foreign_symbols("0000000000001200 t careplug_open$plt\n", allowed, "sim").empty());
    CHECK(foreign_symbols("0000000000001200 t careplug_secret$plt\n", allowed, "sim") ==
          Words{"careplug_secret"});
    CHECK(foreign_symbols("                 U careplug_secret\n", allowed, "sim") ==
          Words{"careplug_secret"});
    CHECK(foreign_symbols("                 U careplug::plan::display()\n", allowed, "sim") ==
          Words{"careplug::plan::display()"});
    CHECK(foreign_symbols("0000000000001200 t careplug::wire::Stream::read()\n", allowed, "sim") ==
          Words{"careplug::wire::Stream::read()"});
    CHECK(foreign_symbols("0000000000001200 T careplug_open\n", allowed, "sim") == Words{"careplug_open"});
}
