#include "arrows.h"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

using namespace careplug::architecture;
namespace fs = std::filesystem;

namespace {

// A small house, gone with the test.
class House {
public:
    House() {
        std::string pattern = (fs::temp_directory_path() / "careplug-house-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        root_ = pattern;
        put("abi/include/careplug/base.h", "");
        put("abi/include/careplug/host.h", "#include <careplug/base.h>\n");
        put("abi/include/careplug/plugin.h", "#include <careplug/base.h>\n");
        put("sdk/plan/include/careplug/plan/plan.h", "#include <string>\n");
        put("sdk/engine/src/store.h", "#include <careplug/plan/plan.h>\n");
    }
    ~House() {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    void put(const std::string& file, const std::string& text) const {
        fs::create_directories((root_ / file).parent_path());
        std::ofstream(root_ / file) << text;
    }
    const fs::path& root() const { return root_; }

private:
    fs::path root_;
};

std::string listed(const std::vector<Breach>& found) {
    std::string words;
    for (const Breach& breach : found)
        words += breach.file + " includes " + breach.include + ": " + breach.why + "\n";
    return words;
}

}  // namespace

TEST_CASE("Every include of the house follows the arrows") {
    REQUIRE(sources_below(CAREPLUG_SOURCE_DIR) > 50);
    CHECK(listed(breaches(CAREPLUG_SOURCE_DIR)) == "");
}

TEST_CASE("A house that keeps the arrows has no breach") {
    const House house;
    house.put("host-sim/host/main.cpp",
              "#include <careplug/host.h>\n#include \"own.h\"\n#include <vector>\n");
    house.put("host-sim/host/own.h", "");
    house.put("plugins/gp/gp.cpp", "#include <careplug/plugin/policy.h>\n");
    CHECK(listed(breaches(house.root())) == "");
}

TEST_CASE("An include against an arrow is found, however it is written") {
    const House house;
    std::string file, text;
    SECTION("a host that includes the plugin's face") {
        file = "host-sim/host/main.cpp";
        text = "#include <careplug/plugin.h>\n";
    }
    SECTION("a host that includes the plan") {
        file = "host-sim/host/main.cpp";
        text = "#  include \"careplug/plan/plan.h\"\n";
    }
    SECTION("a host that includes a private header of the engine") {
        file = "host-sim/host/main.cpp";
        text = "#include \"store.h\"\n";
    }
    SECTION("a host that includes by a path") {
        file = "samples/hosts/c/main.c";
        text = "#include \"../../../sdk/engine/src/store.h\"\n";
    }
    SECTION("the loader that includes the plan") {
        file = "sdk/loader/src/loader.cpp";
        text = "/* a comment */ \n#include <careplug/plan/plan.h>\n";
    }
    SECTION("the plan that includes the engine") {
        file = "sdk/plan/src/plan.cpp";
        text = "#include \"../../engine/src/store.h\"\n";
    }
    SECTION("a plugin that goes round its face") {
        file = "plugins/gp/gp.cpp";
        text = "#include <careplug/plan/plan.h>\n";
    }
    SECTION("the exchange that includes the host's face") {
        file = "host-sim/exchange/main.cpp";
        text = "#include <careplug/host.h>\n";
    }
    SECTION("a header of ours that does not exist here") {
        file = "host-sim/host/main.cpp";
        text = "#include <careplug/engine/store.h>\n";
    }
    house.put(file, text);
    const auto found = breaches(house.root());
    REQUIRE(found.size() == 1);
    CHECK(found[0].file == file);
}

TEST_CASE("A source outside every room is found") {
    const House house;
    house.put("helpers/misc.cpp", "");
    const auto found = breaches(house.root());
    REQUIRE(found.size() == 1);
    CHECK(found[0].file == "helpers/misc.cpp");
}

TEST_CASE("Includes are read from code, not from comments") {
    CHECK(includes_of("#include <a.h>\n/* #include <b.h>\n#include <c.h> */\n  # include \"d.h\" // e\n// "
                      "#include <f.h>\n") == std::vector<std::string>{"a.h", "d.h"});
}
