// Flags through host.h, against a hash table of the same records with the same hash of the same keys; also
// while they are written, and what the host's process pays in memory.
#include <careplug/wire/flag_table.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include "bench/figures.h"
#include "bench/people.h"

namespace careplug::bench {

namespace {

constexpr wire::HashKey hash_key{0x243f6a8885a308d3, 0x13198a2e03707344};

struct TagHash {
    std::size_t operator()(const wire::Hash& tag) const { return static_cast<std::size_t>(tag.low); }
};

// Private and changed pages of this process, which no other shares.
double private_kilobytes() {
    std::ifstream facts("/proc/self/smaps_rollup");
    double sum = 0;
    for (std::string name; facts >> name;)
        if (double kilobytes = 0; name == "Private_Dirty:" && facts >> kilobytes) sum += kilobytes;
    return sum;
}

}  // namespace

void flag_reads(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    const double before = private_kilobytes();
    test::TestHost ae(exchange, folder / "ae", "ae", {"ae_clinician", false, "nurse", "A&E nurse"});

    std::vector<careplug_patient_key> board;
    for (unsigned n = 0; n < 200; ++n) board.push_back(person(n));
    ae.watch(board);
    if (!ae.pump_until([&] { return ae.flags(board.back()).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN; }))
        throw std::runtime_error("the board stayed not known");
    std::vector<careplug_flags_record> records(board.size());
    const auto read = [&](std::size_t count) {
        records[0].size = sizeof(careplug_flags_record);
        careplug_flags(ae.session(), board.data(), sizeof(careplug_patient_key), records.data(),
                       sizeof(careplug_flags_record), count);
    };
    read(board.size());
    const double after = private_kilobytes();

    std::unordered_map<wire::Hash, careplug_flags_record, TagHash> table;
    for (std::size_t i = 0; i < board.size(); ++i) table[wire::patient_tag(hash_key, board[i])] = records[i];
    const auto look_up = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            records[i] = table.find(wire::patient_tag(hash_key, board[i]))->second;
    };
    const std::string floor = "a hash table, same hash";
    const auto floor_one = measure(2000, 50, [&] { look_up(1); });
    const auto floor_board = measure(2000, 1, [&] { look_up(200); });
    report.add({"flags of one patient", measure(2000, 50, [&] { read(1); }), floor, floor_one, "<= 2 times"});
    report.add({"flags of a board of 200", measure(2000, 1, [&] { read(200); }), floor, floor_board,
                "<= 2 times, <= 40"});

    std::atomic<bool> stop = false;
    std::thread writer([&] {
        // Each watch of the list writes all of its rows again.
        while (!stop) ae.watch(board);
    });
    report.add({"the same while the engine writes it", measure(2000, 1, [&] { read(200); }), floor,
                floor_board, ""});
    stop = true;
    writer.join();
    report.add({"private memory of the host's process (KiB)",
                distribution({after - before}),
                std::nullopt,
                {},
                "<= 2048"});
}

}  // namespace careplug::bench
