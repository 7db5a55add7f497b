// Values of a later release, said by a scripted engine: each host draws and treats them as host.h says.
#include <catch2/catch.hpp>
#include <fstream>

#include "compatibility/matrix/cell.h"

using namespace careplug::test;

namespace {

namespace fs = std::filesystem;

const fs::path tests = fs::path(CAREPLUG_BUILD_DIR) / "tests";

struct House {
    TemporaryFolder folder;
    explicit House(const std::string& loader) {
        const fs::path engine = loader == "current" ? tests / "careplug_scripted_engine"
                                                    : tests / "compatibility" / "careplug_scripted_successor";
        install(folder / "careplug", level(loader).loader / "libcareplug.so", engine);
        std::ofstream(folder / "token") << "token";
    }
    Said run(const fs::path& host) {
        return run_host(host, folder / "careplug",
                        {"/settings", "scripted", (folder / "token").string(), "9990000018:1944-06-19",
                         "9990000026:1900-01-05", "9990000034:1900-01-06", "9990000042:1900-01-07"});
    }
};

}  // namespace

TEST_CASE("H3, H4: flags, knowledge and reasons of a later release never read as no plan") {
    const std::string host = GENERATE("kept 1.0-rc.1", "current", "grown");
    const std::string loader = GENERATE("current", "grown");
    House house(loader);
    const Said said = house.run(level(host).host);
    INFO(host << " with the loader " << loader << "\n" << said.text());
    CHECK(said.exit_code == 0);
    CHECK_FALSE(said.has("NO PLAN"));
    CHECK(said.line("9990000018: PLAN revision 7 [Care plan] [DNACPR]") != "");
    // A flag of a slot that nobody knows is drawn last and by its own words; one without words as "Open
    // plan".
    CHECK(said.line("9990000026: PLAN revision 7 [Care plan] [DNACPR] [Open plan] [Transfer wishes]") != "");
    // A knowledge that the loader does not know is "not known", and its content of an earlier answer; one
    // that the host alone does not know is "not known" on its screen, with the words that came.
    CHECK(said.line("9990000034: NOT KNOWN (reason 1) revision 7 " +
                    std::string(loader == "current" ? "[Plan not known] [DNACPR, last known]"
                                                    : "[Plan moved] [DNACPR]")) != "");
    CHECK(said.line("9990000042: NOT KNOWN (reason 1) revision 0 [Plan not known]") != "");
}

TEST_CASE("statuses, events and operations of a later release have the meaning of their class") {
    const std::string host = GENERATE("kept 1.0-rc.1", "current", "grown");
    const std::string loader = GENERATE("current", "grown");
    House house(loader);
    const Said said = house.run(level(host).host);
    INFO(host << " with the loader " << loader << "\n" << said.text());
    CHECK(said.line("actions: refused, Enough for today.") != "");
    CHECK(said.line("operation: done, state 3") != "");
    CHECK(said.line("closed: done") != "");
    // Who knows what is new is given it, where both sides have it.
    const bool new_host = host == "grown";
    const bool new_loader = loader == "grown";
    CHECK(said.has("notice: Plans move tonight., sent " + std::string(new_loader ? "3000" : "0")) ==
          new_host);
    CHECK(said.has("[Care plan] [DNACPR] reviewed " + std::string(new_loader ? "2000" : "0")) == new_host);
}
