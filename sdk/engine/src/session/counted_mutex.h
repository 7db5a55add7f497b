// A mutex that counts who had it: what was made in one turn still stands in the next, for nobody came
// between.
#pragma once

#include <cstdint>
#include <mutex>

namespace careplug::engine {

class CountedMutex {
public:
    void lock() {
        mutex_.lock();
        ++turn_;
    }
    void unlock() { mutex_.unlock(); }
    // Of whoever holds it.
    std::uint64_t turn() const { return turn_; }

private:
    std::mutex mutex_;
    std::uint64_t turn_ = 0;
};

}  // namespace careplug::engine
