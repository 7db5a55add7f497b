#include "event_stream.h"

#include <chrono>
#include <ostream>

#include "problem.h"

namespace careplug::exchange {

namespace {

// Who missed more than this reads everything again; it is quicker than being told of each.
constexpr std::int64_t most_missed = 20'000;
constexpr std::size_t at_once = 500;
constexpr std::chrono::seconds beat{5};

std::string event_of(const Change& change) {
    return "id: " + std::to_string(change.number) + "\nevent: change\ndata: {\"type\":\"" + change.type +
           "\",\"id\":\"" + change.id + "\",\"version\":\"" + std::to_string(change.version) + "\"}\n\n";
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

StreamStart stream_start(Store& store, const std::string& last_event_id) {
    const auto last = store.view()->last_change();
    if (last_event_id.empty()) return {last, false};
    if (last_event_id.size() > 18 || last_event_id.find_first_not_of("0123456789") != std::string::npos)
        throw Problem(400, "value", "Last-Event-ID must be the id of an event of this stream.");
    const auto seen = std::stoll(last_event_id);
    if (seen > last || last - seen > most_missed) return {last, true};
    return {seen, false};
}

void stream_events(Store& store, Events& events, StreamStart start, std::int64_t expires, const Told& told,
                   std::ostream& out) {
    auto seen = events.count();
    auto after = start.after;
    if (start.reset) out << "id: " << after << "\nevent: reset\ndata: {}\n\n";
    out << ": beat\n\n" << std::flush;
    auto next_beat = std::chrono::steady_clock::now() + beat;
    while (out.good() && !events.stopped() && now() < expires) {
        std::vector<Change> changes;
        {
            const auto view = store.view();
            changes = view->changes_after(after, at_once);
            for (const auto& change : changes)
                if (told(*view, change)) out << event_of(change);
        }
        if (!changes.empty()) {
            after = changes.back().number;
            out << std::flush;
        }
        if (changes.size() == at_once) continue;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            next_beat - std::chrono::steady_clock::now());
        if (left.count() > 0) events.wait(seen, left);
        if (std::chrono::steady_clock::now() >= next_beat) {
            out << ": beat\n\n" << std::flush;
            next_beat = std::chrono::steady_clock::now() + beat;
        }
    }
}

}  // namespace careplug::exchange
