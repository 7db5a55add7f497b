// Runs each host with each loader, each plugin with each engine, and each loader with each engine, on the
// real exchange with a published plan.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "compatibility/matrix/cell.h"
#include "compatibility/matrix/page.h"
#include "engine/scene.h"

using namespace careplug::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* birth_date = "1944-06-19";

// A vendor's computer, with one plugin, and a patient with a plan at the exchange.
class Desk {
public:
    Desk() : signer_("small-host") {
        signer_.trust_in(scene_.exchange.trust());
        publish_plan(*scene_.gp(), patient_key(mary, birth_date));
        fs::create_directory(scene_.folder / "store");
        fs::permissions(scene_.folder / "store", fs::perms::owner_all);
        std::ofstream(scene_.folder / "store.key") << std::string(32, 'k');
        fs::permissions(scene_.folder / "store.key", fs::perms::owner_read | fs::perms::owner_write);
    }

    Said run(const fs::path& host, const fs::path& loader, const fs::path& plugin) {
        const std::string plugins = fs::canonical(plugin.parent_path()).string();
        const nlohmann::json settings{{"exchange", scene_.exchange.url()},
                                      {"store", (scene_.folder / "store").string()},
                                      {"key", (scene_.folder / "store.key").string()},
                                      {"datasets", std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets"},
                                      {"plugins", plugins},
                                      {"trust", development_trust(scene_.folder.path(), plugins)},
                                      {"kinds", {{"gp", plugin.stem().string()}}},
                                      {"log", (scene_.folder / "engine.log").string()}};
        const fs::path file = scene_.folder / "settings.json";
        const fs::path token = scene_.folder / "token";
        std::ofstream(file) << settings.dump();
        std::ofstream(token) << signer_.sign(signer_.claims("gp", true, "vendor"));
        return run_host(host, loader,
                        {file.string(), "gp", token.string(), std::string(mary) + ":" + birth_date,
                         std::string(john) + ":" + birth_date});
    }

    const TemporaryFolder& folder() const { return scene_.folder; }

private:
    Scene scene_;
    TokenSigner signer_;
};

fs::path gp_plugin() {
    return fs::path(CAREPLUG_BUILD_DIR) / "plugins" / "gp.so";
}

Level plugin_level(const std::string& name) {
    if (name == "GP plugin") {
        Level gp = level("current");
        gp.plugin = gp_plugin();
        return gp;
    }
    if (name == "successor in C++") {
        Level made = level("successor");
        made.plugin = made.plugin.parent_path() / "helper_successor.so";
        return made;
    }
    return level(name);
}

// Its headers have what the successor adds.
bool grows(const std::string& name) {
    return name == "grown" || name == "next" || name == "successor";
}

bool small(const Level& plugin) {
    return plugin.plugin != gp_plugin() && plugin.plugin.stem() != "helper_successor";
}

// Real work, to the end: what the host printed.
void worked(const Said& said, const careplug::wire::Version& host, const careplug::wire::Version& loader,
            bool small_policy) {
    INFO(said.text());
    const auto picked = spoken_by_both(loader, host);
    REQUIRE(picked);
    CHECK(said.exit_code == 0);
    CHECK(said.line("speaking: ") == "speaking: " + std::to_string(picked->major) + "." +
                                         std::to_string(picked->minor) + "-" +
                                         std::to_string(picked->candidate));
    for (const char* line : {"signed in", "watch: done", "patient: done", "actions: done", "release: done",
                             "may close: done", "close: done", "closed handle: refused", "closed: done"})
        CHECK_FALSE(said.line(line).empty());
    const std::string plan = said.line(std::string(mary) + ": PLAN revision 1");
    CHECK(plan.find("[Care plan]") != std::string::npos);
    CHECK(plan.find("[DNACPR]") != std::string::npos);
    // The small policy puts the CPR decision first and covers the ceiling of treatment.
    CHECK((plan.find("[DNACPR] [Care plan] +1") != std::string::npos) == small_policy);
    CHECK(said.has("Small policy reads") == small_policy);
    CHECK(said.line(std::string(john) + ": NO PLAN") != "");
}

void refused(const Said& said, const careplug::wire::Version& one, const careplug::wire::Version& other) {
    INFO(said.text());
    CHECK(said.exit_code == 3);
    CHECK_FALSE(said.has("signed in"));
    const std::string sentence = said.line("refused: ");
    CHECK(sentence.find(words(one)) != std::string::npos);
    CHECK(sentence.find(words(other)) != std::string::npos);
    CHECK(sentence.find("nstall") != std::string::npos);
}

using Cell = std::function<std::string(const std::string& row, const std::string& column)>;

// Runs every cell, compares and prints.
void run_table(const std::string& corner, std::vector<Row> rows, const Cell& cell) {
    std::vector<std::string> outcomes;
    outcomes.reserve(rows.size() * columns.size());
    for (Row& row : rows)
        for (std::size_t at = 0; at < columns.size(); ++at) {
            INFO(corner << ": " << row.name << ", " << columns[at]);
            outcomes.push_back(cell(row.name, columns[at]));
            CHECK(outcomes.back() == row.cells[at]);
            row.cells[at] = outcomes.back().c_str();
        }
    std::cout << table(corner, rows) << std::endl;
}

std::string outcome(const Said& said) {
    return said.exit_code == 0 ? works : refuses;
}

}  // namespace

TEST_CASE("every host works with each loader that speaks its version, or is refused in words") {
    Desk desk;
    run_table("host / loader and engine", host_rows, [&](const std::string& row, const std::string& column) {
        const Level host = level(row);
        const Level house = level(column);
        const bool today = column == "current";
        const Said said = desk.run(host.host, house.loader, today ? gp_plugin() : house.plugin);
        if (said.exit_code == 0) {
            worked(said, host.version, house.version, !today);
            // A function that an older loader has not is looked up by name, and the host does without it.
            CHECK(said.line("result_length: ") == (!grows(row)     ? ""
                                                   : grows(column) ? "result_length: right"
                                                                   : "result_length: absent"));
        } else {
            refused(said, host.version, house.version);
        }
        return outcome(said);
    });
}

TEST_CASE("every plugin works with each engine that speaks its version, or is refused in words") {
    Desk desk;
    run_table("plugin / engine", plugin_rows, [&](const std::string& row, const std::string& column) {
        const Level plugin = plugin_level(row);
        const Level house = level(column);
        const Said said = desk.run(house.host, house.loader, plugin.plugin);
        if (said.exit_code == 0)
            worked(said, house.version, house.version, small(plugin));
        else
            refused(said, plugin.version, house.version);
        return outcome(said);
    });
}

TEST_CASE("a loader works with the engine of its own version, or says which is installed") {
    Desk desk;
    run_table("loader / engine", loader_rows, [&](const std::string& row, const std::string& column) {
        const Level loader = level(row);
        const Level engine = level(column);
        install(desk.folder() / "mixed", loader.loader / "libcareplug.so", engine.loader / "careplug-engine");
        const Said said = desk.run(loader.host, desk.folder() / "mixed", engine.plugin);
        if (said.exit_code == 0)
            worked(said, loader.version, loader.version, true);
        else
            refused(said, loader.version, engine.version);
        return outcome(said);
    });
}

TEST_CASE("every recorded version has a row in the matrix") {
    for (const auto& version : kept_versions()) {
        INFO("kept " << version << " has no row in expected.h");
        const auto named = [&](const Row& row) { return row.name == "kept " + version; };
        CHECK(std::any_of(host_rows.begin(), host_rows.end(), named));
        CHECK(std::any_of(plugin_rows.begin(), plugin_rows.end(), named));
    }
}
