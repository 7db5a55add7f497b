// Histories of a plan: up to four people who edit offline and publish in any order, made from a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operations.h"

namespace histories {

struct Step {
    int person;
    Operation operation;
    std::uint64_t pick;
};

using History = std::vector<Step>;

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }

private:
    std::uint64_t state_;
};

History history(std::uint64_t seed);
// What went wrong, or nothing.
std::string play(const History& history);
// People with one edit or more each, of different units, who publish in every sequence: one plan comes out.
std::string play_in_every_sequence(std::uint64_t seed);
// The shortest history found by leaving out steps that still goes wrong.
History shortened(History history);
std::string words_of(const History& history);

}  // namespace histories
