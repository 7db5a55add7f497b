#include "event_post.h"

namespace careplug::tools {

EventPost::EventPost(wire::Stream events) : events_(std::move(events)), thread_([this] { work(); }) {}

EventPost::~EventPost() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    events_.shut_down();
    thread_.join();
}

void EventPost::act(std::function<void()> work, std::chrono::milliseconds delay) {
    {
        const std::lock_guard lock(mutex_);
        letters_.push_back({std::move(work), delay});
    }
    changed_.notify_all();
}

void EventPost::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !letters_.empty(); });
        if (ending_) return;
        const Letter letter = std::move(letters_.front());
        letters_.pop_front();
        if (changed_.wait_for(lock, letter.delay, [this] { return ending_; })) return;
        lock.unlock();
        letter.work();
        lock.lock();
    }
}

}  // namespace careplug::tools
