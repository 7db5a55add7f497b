// Each function of a plugin times each fault: the engine's side goes on, a neighbour notices nothing, and the
// next good question is answered. Prints the table.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "jail/jails.h"

using namespace careplug::test;
using namespace careplug::engine;

namespace {

enum class Expected {
    failure,  // the call fails with a sentence
    stopped,  // it fails, and the sentence says that the sandbox stopped the plugin
    answer,   // the attempt was refused or harmless, and the call is answered
};

struct Fault {
    std::string name;
    Expected expected;
};

const std::vector<Fault> faults = {
    {"crash", Expected::failure},
    {"abort", Expected::failure},
    {"exit", Expected::failure},
    {"throw", Expected::failure},
    {"hang", Expected::failure},
    {"slow", Expected::answer},
    {"huge", Expected::failure},
    {"garbage", Expected::failure},
    {"other", Expected::failure},
    {"memory", Expected::failure},
    {"leak-descriptors", Expected::answer},
    {"open-file", Expected::answer},
    {"create-file", Expected::answer},
    {"write-own-file", Expected::answer},
    {"new-code", Expected::answer},
    {"raise-limits", Expected::answer},
    {"environment", Expected::answer},
    {"socket", Expected::stopped},
    {"fork", Expected::stopped},
    {"thread", Expected::stopped},
    {"exec", Expected::stopped},
    {"kill-engine", Expected::stopped},
    {"trace-engine", Expected::stopped},
    {"lift-filter", Expected::stopped},
    {"new-namespace", Expected::stopped},
};

const std::vector<std::string> while_started = {"load", "entry", "describe"};
const std::vector<std::string> when_called = {"open",  "close", "flags",   "actions",
                                              "panel", "check", "summary", "write_back"};

bool is_one_of(const std::string& name, const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

// The functions of documents are asked alike: a short run asks each fault of one of them.
bool left_for_long_runs(const std::string& function, std::size_t fault) {
    static const std::vector<std::string> alike = {"actions", "panel", "check", "summary", "write_back"};
    return std::getenv("CAREPLUG_LONG") == nullptr && is_one_of(function, alike) &&
           function != alike[fault % alike.size()];
}

// What the plugin's mistake came to: empty where it was answered as usual.
struct Cell {
    std::string failure;
    double recovered = 0;  // milliseconds to the next good answer
};

Cell while_starting(const std::string& order) {
    Cell cell;
    try {
        const auto plugin = start_faulty(order);
        REQUIRE(plugin->facts().id == "example.faulty");
        const auto policy = plugin->open(good_session());
        CHECK_FALSE(ask(*policy, "actions", false).empty());
    } catch (const PluginFailure& failure) {
        cell.failure = failure.what();
    }
    return cell;
}

Cell when_asked(const std::string& function, const std::string& order) {
    Cell cell;
    const auto plugin = start_faulty(order);
    const bool of_the_session = function == "open" || function == "close";
    auto policy = plugin->open(function == "open" ? trip_session() : good_session());
    if (function == "close") policy = plugin->open(good_session());
    if (!of_the_session) {
        const std::string before = ask(*policy, function, false);
        try {
            const std::string answer = ask(*policy, function, true);
            CHECK(answer.find("escaped") == std::string::npos);
        } catch (const PluginFailure& failure) {
            cell.failure = failure.what();
        }
        cell.recovered = until_answered(*policy, function);
        CHECK(ask(*policy, function, false) == before);
        return cell;
    }
    if (function == "open") policy = plugin->open(good_session());
    cell.recovered = until_answered(*policy, "actions");
    cell.failure = plugin->status().last_failure;
    return cell;
}

std::string shown(const Cell& cell) {
    if (cell.failure.empty()) return "answered";
    std::ostringstream text;
    text << (cell.failure.find("sandbox") != std::string::npos ? "stopped" : "failed");
    if (cell.recovered > 0) text << std::fixed << std::setprecision(1) << ", " << cell.recovered << " ms";
    return text.str();
}

}  // namespace

TEST_CASE("H16: no fault of a plugin reaches the engine or another plugin, and the next good answer comes") {
    const auto neighbour = start_plugin(good_file("gp"), jail_options());
    const auto beside = neighbour->open(good_session());
    const std::string usual = ask(*beside, "actions", false);
    std::ostringstream table;
    std::size_t cells = 0;
    double slowest = 0;
    for (std::size_t at = 0; at < faults.size(); ++at) {
        const Fault& fault = faults[at];
        table << std::left << std::setw(18) << fault.name;
        for (const auto* functions : {&while_started, &when_called}) {
            for (const std::string& function : *functions) {
                // Code is mapped while the library is loaded: that is what loading is.
                if ((function == "load" && fault.name == "new-code") || left_for_long_runs(function, at)) {
                    table << std::setw(19) << "-";
                    continue;
                }
                const bool word =
                    function != "load" && is_one_of(function, when_called) && function != "close";
                const std::string order = function + " " + fault.name +
                                          (!word                 ? ""
                                           : function == "flags" ? " dnacpr"
                                                                 : " trip");
                INFO(order);
                const Cell cell =
                    functions == &while_started ? while_starting(order) : when_asked(function, order);
                INFO(cell.failure);
                CHECK(cell.failure.empty() == (fault.expected == Expected::answer));
                CHECK((cell.failure.find("sandbox") != std::string::npos) ==
                      (fault.expected == Expected::stopped));
                CHECK(ask(*beside, "actions", false) == usual);
                ++cells;
                slowest = std::max(slowest, cell.recovered);
                table << std::setw(19) << shown(cell);
            }
        }
        table << '\n';
    }
    CHECK(neighbour->status().failures == 0);
    CHECK(neighbour->status().starts == 1);
    std::cout << std::left << std::setw(18) << "fault";
    for (const auto* functions : {&while_started, &when_called})
        for (const std::string& function : *functions) std::cout << std::setw(19) << function;
    std::cout << '\n' << table.str() << cells << " cells; slowest recovery " << slowest << " ms\n";
}
