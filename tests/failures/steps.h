// What fails in turn, and how far apart: each write and sync; of allocations some, and with CAREPLUG_LONG=1
// all of the exchange's and every 97th of the engine's, each of which costs a start of another engine.
#pragma once

#include <array>
#include <cstdlib>

#include "failures/orders.h"

namespace careplug::test {

struct Step {
    const char* name;
    Failing kind;
    long exchange_gate;
    long engine_gate;
    long engine_long;

    static bool all() { return std::getenv("CAREPLUG_LONG") != nullptr; }
    long exchange_step() const { return all() ? 1 : exchange_gate; }
    long engine_step() const { return all() ? engine_long : engine_gate; }
};

inline constexpr std::array steps{Step{"write", Failing::write, 1, 1, 1},
                                  Step{"sync", Failing::sync, 1, 1, 1},
                                  Step{"allocation", Failing::allocation, 97, 97 * 25, 97}};

}  // namespace careplug::test
