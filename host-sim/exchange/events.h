// Wakes the streams of Server-Sent Events after a commit. What changed they read from the store's log.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace careplug::exchange {

class Events {
public:
    void announce();
    // Ends every wait, now and later.
    void stop();
    bool stopped();
    // Until something was announced that `seen` does not count yet, or the time is over. Sets `seen`.
    void wait(std::uint64_t& seen, std::chrono::milliseconds longest);
    std::uint64_t count();

    // A place for one more stream; false when all are taken.
    bool enter();
    void leave();

    static constexpr int most_streams = 32;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
    int streams_ = 0;
    bool stopped_ = false;
};

}  // namespace careplug::exchange
