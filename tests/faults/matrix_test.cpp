// Each call that reaches the engine times each fault of the engine: the host, its other session and another
// host beside it go on, flags are honest throughout, and what was typed is there. Prints the table.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>

#include "faults/calls.h"
#include "faults/neighbour.h"

using namespace careplug::test;

namespace {

using Clock = std::chrono::steady_clock;

// What a busy computer may add to a deadline before a person would call it a hang.
constexpr std::chrono::milliseconds slack{3000};

struct Cell {
    bool engine_answered = false;
    bool replaced = false;
    std::chrono::milliseconds call{0};
    std::chrono::milliseconds recovery{0};
};

std::chrono::milliseconds since(Clock::time_point moment) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - moment);
}

std::size_t descriptors() {
    const std::filesystem::directory_iterator folder("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

bool engine_answered(careplug_status status) {
    return status != CAREPLUG_FAILED_ENGINE && status != CAREPLUG_REFUSED_TIMEOUT;
}

bool applies(const Row& row, const Fault& fault) {
    // They say nothing of a patient and create nothing that the loader gives a handle.
    const bool lies = fault.name == "other-patient" || fault.name == "no-handle";
    if (lies) return row.name != greeting && row.name != resuming && row.name != giving_a_table;
    // Nobody waits for it, so nothing can come too late.
    if (row.name == resuming) return fault.name != "slow" && fault.name != "too-slow";
    return true;
}

Cell run(TestHost& host, const Row& row, const Fault& fault, Neighbour& neighbour, std::size_t number) {
    const std::string words = "words " + std::to_string(number);
    Desk desk(host, words);
    if (row.prepare) row.prepare(desk);
    const auto before = engines();
    desk.order().give(row.name, fault.name);
    Cell cell;
    auto started = Clock::now();
    cell.engine_answered = engine_answered(row.call(desk));
    cell.call = since(started);
    CHECK(cell.call < row.deadline + slack);
    started = Clock::now();
    desk.look_at_flags();
    CHECK(desk.always_honest());
    // A fault of a start-up comes with the next engine, and one that nobody waits for when it is used.
    CHECK(desk.go_on_until([&] { return desk.order().taken(); }));
    const bool expected = fault.after == After::replaced && row.name != greeting;
    CHECK(desk.go_on_until([&] { return !expected || engines() != before; }));
    if (fault.name == "leak") desk.go_on_until([&] { return engines() != before; }, std::chrono::seconds(5));
    CHECK(desk.go_on_until([&] { return desk.fresh(); }));
    cell.recovery = since(started);
    cell.replaced = engines() != before;
    CHECK(desk.always_honest());
    for (Seat* seat : {&desk.first(), &desk.second()}) {
        CHECK(engine_answered(TestHost::call(careplug_session_state, seat->host->session()).status));
        if (seat->words.empty() || (seat == &desk.first() && row.may_end_draft)) continue;
        const std::string kept = draft(*seat);
        const bool there = contains(kept, seat->words) || (!row.typed.empty() && contains(kept, row.typed));
        INFO(kept);
        CHECK(there);
    }
    CHECK(neighbour.goes_on() > 0);
    CHECK_FALSE(neighbour.troubled());
    return cell;
}

bool wanted(const Row& row, const Fault& fault) {
    const char* only = std::getenv("CAREPLUG_FAULT");
    if (!only) return true;
    return contains(row.name + " " + std::string(fault.name), only);
}

// The gate takes one fault of each call and each fault once.
bool sampled(std::size_t row, std::size_t fault) {
    if (std::getenv("CAREPLUG_LONG") || std::getenv("CAREPLUG_FAULT")) return true;
    std::size_t first = row % faults.size();
    while (!applies(rows()[row], faults[first])) first = (first + 1) % faults.size();
    return first == fault;
}

}  // namespace

TEST_CASE(
    "H4, H16: no fault of the engine at any call reaches the host: it goes on, flags are honest, drafts are "
    "kept") {
    Scene scene;
    {
        const auto author = scene.gp("author");
        publish_plan(*author, patient_key(mary, "1944-06-19"));
        publish_plan(*author, patient_key(john, "1950-01-01"));
    }
    Neighbour neighbour(scene.exchange, scene.folder / "neighbour");
    const auto host = scene.gp("faulty");
    host->close();
    const std::size_t open_files = descriptors();
    std::ostringstream table;
    std::size_t cells = 0;
    std::size_t survived = 0;
    std::chrono::milliseconds slowest{0};
    for (std::size_t at = 0; at < rows().size(); ++at) {
        const Row& row = rows()[at];
        for (std::size_t which = 0; which < faults.size(); ++which) {
            const Fault& fault = faults[which];
            if (!sampled(at, which) || !wanted(row, fault) || !applies(row, fault)) continue;
            const std::string name = row.name + " " + std::string(fault.name);
            INFO(name);
            ++cells;
            std::optional<Cell> ran;
            try {
                ran = run(*host, row, fault, neighbour, cells);
            } catch (const std::exception& problem) {
                FAIL_CHECK(problem.what());
                host->close();
            }
            CHECK(descriptors() == open_files);
            if (!ran) continue;
            const Cell& cell = *ran;
            if (fault.after != After::either && row.name != greeting)
                CHECK(cell.replaced == (fault.after == After::replaced || row.name == resuming));
            ++survived;
            slowest = std::max(slowest, cell.recovery);
            std::cout << std::left << std::setw(44) << name << (cell.replaced ? "replaced" : "goes on ")
                      << std::right << std::setw(6) << cell.call.count() << " ms" << std::setw(7)
                      << cell.recovery.count() << " ms" << std::endl;
        }
    }
    std::cout << cells << " cells, " << survived << " survived; slowest recovery " << slowest.count()
              << " ms after the call\n";
    CHECK(survived == cells);
}
