// Events that came and that the host has not pulled. What only says "read again" is kept once.
#ifndef CAREPLUG_LOADER_EVENT_QUEUE_H
#define CAREPLUG_LOADER_EVENT_QUEUE_H

#include <careplug/wire/messages.h>

#include <deque>
#include <optional>

namespace careplug::loader {

class EventQueue {
public:
    // At this many the socket is left to fill, so that a host that never pulls does not fill its own memory.
    static constexpr std::size_t enough = 1024;

    void add(wire::Event event);
    std::optional<wire::Event> take();
    void drop(std::int32_t kind);
    bool empty() const { return events_.empty(); }
    bool full() const { return events_.size() >= enough; }

private:
    std::deque<wire::Event> events_;
};

}  // namespace careplug::loader

#endif
