#include "session/event_writer.h"

namespace careplug::engine {

EventWriter::EventWriter(wire::Stream stream) : stream_(std::move(stream)), thread_([this] { run(); }) {}

EventWriter::~EventWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stream_.shut_down();
    arrived_.notify_all();
    thread_.join();
}

void EventWriter::push(wire::Frame kind, wire::Bytes payload) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        queue_.emplace_back(kind, std::move(payload));
    }
    arrived_.notify_all();
}

void EventWriter::run() {
    std::uint64_t sequence = 0;
    for (;;) {
        std::pair<wire::Frame, wire::Bytes> next;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            next = std::move(queue_.front());
            queue_.pop_front();
        }
        if (stream_.send(wire::kind_of(next.first), ++sequence, next.second) != wire::Outcome::done) {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            queue_.clear();
            return;
        }
    }
}

}  // namespace careplug::engine
