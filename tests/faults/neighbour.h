// Another host in a process of its own, with its own engine: reads flags, shows a plan and types, again and
// again.
#pragma once

#include <sys/types.h>

#include <atomic>

#include "engine/scene.h"

namespace careplug::test {

class Neighbour {
public:
    // Forks: before this process has threads.
    Neighbour(Exchange& exchange, const std::filesystem::path& folder);
    ~Neighbour();
    Neighbour(const Neighbour&) = delete;
    Neighbour& operator=(const Neighbour&) = delete;

    // How often it came round, after waiting for it to come round once more.
    long goes_on();
    // Since it was asked last.
    bool troubled() { return told_->troubles.exchange(0) != 0; }

private:
    struct Told {
        std::atomic<long> rounds = 0;
        std::atomic<int> troubles = 0;
        std::atomic<bool> stop = false;
    };
    Told* told_;
    pid_t process_;
};

}  // namespace careplug::test
