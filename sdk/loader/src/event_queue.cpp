#include "event_queue.h"

#include <algorithm>

namespace careplug::loader {

void EventQueue::add(wire::Event event) {
    const auto same = [&](const wire::Event& earlier) {
        return earlier.kind == event.kind && earlier.subject == event.subject;
    };
    const bool says_read_again = event.kind == CAREPLUG_EVENT_FLAGS || event.kind == CAREPLUG_EVENT_PANEL ||
                                 event.kind == CAREPLUG_EVENT_EXCHANGE;
    const auto earlier = says_read_again ? std::find_if(events_.begin(), events_.end(), same) : events_.end();
    if (earlier != events_.end())
        *earlier = std::move(event);
    else
        events_.push_back(std::move(event));
}

std::optional<wire::Event> EventQueue::take() {
    if (events_.empty()) return std::nullopt;
    wire::Event event = std::move(events_.front());
    events_.pop_front();
    return event;
}

void EventQueue::drop(std::int32_t kind) {
    std::erase_if(events_, [kind](const wire::Event& event) { return event.kind == kind; });
}

}  // namespace careplug::loader
