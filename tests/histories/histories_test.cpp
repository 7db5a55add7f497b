// CAREPLUG_HISTORY_SEED=N plays the history of one seed; CAREPLUG_LONG=1 plays 100,000.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "history.h"

using namespace histories;

namespace {

struct Seeds {
    std::uint64_t first = 1;
    std::uint64_t last = std::getenv("CAREPLUG_LONG") != nullptr ? 100000 : 5000;
};

Seeds seeds() {
    Seeds all;
    if (const char* one = std::getenv("CAREPLUG_HISTORY_SEED")) all.first = all.last = std::stoull(one);
    return all;
}

std::string replay(std::uint64_t seed) {
    return "seed " + std::to_string(seed) + ": CAREPLUG_HISTORY_SEED=" + std::to_string(seed) +
           " plays it again\n";
}

}  // namespace

TEST_CASE("H4, H5: whatever four people do, no edit is lost, mixed or made up without a person's decision") {
    for (std::uint64_t seed = seeds().first; seed <= seeds().last; ++seed) {
        const std::string broken = play(history(seed));
        if (broken.empty()) continue;
        const History shorter = shortened(history(seed));
        FAIL(replay(seed) << broken << "\nshortened:\n" << words_of(shorter) << play(shorter));
    }
    SUCCEED();
}

TEST_CASE("H5: independent edits give one plan in whatever sequence they arrive") {
    // Each is played in up to 24 sequences.
    for (std::uint64_t seed = seeds().first; seed <= seeds().first + (seeds().last - seeds().first) / 4;
         ++seed) {
        const std::string broken = play_in_every_sequence(seed);
        if (!broken.empty()) FAIL(replay(seed) << broken);
    }
    SUCCEED();
}

TEST_CASE("The histories meet every operation and every kind of outcome") {
    std::size_t steps = 0;
    std::array<bool, operation_names.size()> met{};
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
        for (const Step& step : history(seed)) {
            ++steps;
            met[static_cast<std::size_t>(step.operation)] = true;
        }
    CHECK(steps > 1000);
    for (std::size_t i = 0; i < met.size(); ++i) {
        INFO(operation_names[i]);
        CHECK(met[i]);
    }
}
