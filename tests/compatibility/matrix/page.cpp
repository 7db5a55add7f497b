#include "compatibility/matrix/page.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "compatibility/matrix/cell.h"

namespace careplug::test {

std::string shown(const std::string& name) {
    static const std::map<std::string, std::string> levels{{"current", "today's"},
                                                           {"grown", "grown"},
                                                           {"next", "next candidate"},
                                                           {"released", "today's, released"},
                                                           {"successor", "release after it"}};
    const auto found = levels.find(name);
    return found == levels.end() ? name : words(level(name).version) + ", " + found->second;
}

std::string table(const std::string& corner, const std::vector<Row>& rows) {
    std::string text = "| " + corner + " |";
    std::string line = "|---|";
    for (const char* column : columns) {
        text += " " + shown(column) + " |";
        line += "---|";
    }
    text += "\n" + line + "\n";
    for (const Row& row : rows) {
        text += "| " + shown(row.name) + " |";
        for (const char* cell : row.cells) text += std::string(" ") + cell + " |";
        text += "\n";
    }
    return text;
}

namespace {

const std::string begins = "<!-- compatibility_matrix writes from here -->\n";
const std::string ends = "<!-- to here -->\n";

std::string tables() {
    return "\n" + table("host ↓ loader and engine →", host_rows) + "\n" +
           table("plugin ↓ engine →", plugin_rows) + "\n" + table("loader ↓ engine →", loader_rows) + "\n";
}

}  // namespace

TEST_CASE("docs/abi-changes.md shows the tables (CAREPLUG_WRITE_PAGES=1 writes them)") {
    const std::string file = std::string(CAREPLUG_SOURCE_DIR) + "/docs/abi-changes.md";
    std::ifstream in(file, std::ios::binary);
    std::string page{std::istreambuf_iterator<char>(in), {}};
    const auto from = page.find(begins);
    const auto to = page.find(ends);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const auto first = from + begins.size();
    if (std::getenv("CAREPLUG_WRITE_PAGES")) {
        page.replace(first, to - first, tables());
        std::ofstream(file, std::ios::binary) << page;
        return;
    }
    CHECK(page.substr(first, to - first) == tables());
}

}  // namespace careplug::test
