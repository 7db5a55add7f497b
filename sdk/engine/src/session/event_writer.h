// Writes a session's events on a thread of its own: a host that never reads must not stop a call.
#pragma once

#include <careplug/wire/bytes.h>
#include <careplug/wire/protocol.h>
#include <careplug/wire/stream.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace careplug::engine {

class EventWriter {
public:
    explicit EventWriter(wire::Stream stream);
    ~EventWriter();
    EventWriter(const EventWriter&) = delete;
    EventWriter& operator=(const EventWriter&) = delete;

    void push(wire::Frame kind, wire::Bytes payload);

private:
    void run();

    wire::Stream stream_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::pair<wire::Frame, wire::Bytes>> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace careplug::engine
