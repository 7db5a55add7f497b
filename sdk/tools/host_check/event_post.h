// What an engine sends on a session's socket of events: by a thread of its own, because a host that pulls
// nothing lets the socket fill.
#pragma once

#include <careplug/wire/messages.h>
#include <careplug/wire/stream.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace careplug::tools {

class EventPost {
public:
    explicit EventPost(wire::Stream events);
    ~EventPost();
    EventPost(const EventPost&) = delete;
    EventPost& operator=(const EventPost&) = delete;

    // In order, each after its delay.
    template <class Payload>
    void send(wire::Frame kind, const Payload& payload, std::chrono::milliseconds delay = {}) {
        act([this, kind, bytes = wire::encode(payload)] { events_.send(wire::kind_of(kind), 0, bytes); },
            delay);
    }
    void act(std::function<void()> work, std::chrono::milliseconds delay = {});

private:
    struct Letter {
        std::function<void()> work;
        std::chrono::milliseconds delay;
    };
    void work();

    wire::Stream events_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Letter> letters_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace careplug::tools
