#include "events.h"

namespace careplug::exchange {

void Events::announce() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
}

void Events::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
}

bool Events::stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

void Events::wait(std::uint64_t& seen, std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [&] { return stopped_ || count_ != seen; });
    seen = count_;
}

std::uint64_t Events::count() {
    const std::lock_guard lock(mutex_);
    return count_;
}

bool Events::enter() {
    const std::lock_guard lock(mutex_);
    if (stopped_ || streams_ >= most_streams) return false;
    ++streams_;
    return true;
}

void Events::leave() {
    const std::lock_guard lock(mutex_);
    --streams_;
}

}  // namespace careplug::exchange
