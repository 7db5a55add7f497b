#include "status_session.h"

#include <poll.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr std::size_t most_told = 6;

}  // namespace

StatusSession::StatusSession(const LoaderHandle& loader, const Profile& profile)
    : session_(open_session(loader, profile.kind, "status page")) {
    pump_ = std::thread([this] { pull_events(); });
}

StatusSession::~StatusSession() {
    ending_ = true;
    pump_.join();
}

void StatusSession::pull_events() {
    std::int64_t descriptor = -1;
    careplug_wait_handle(session_.get(), &descriptor);
    while (!ending_) {
        pollfd waiting{static_cast<int>(descriptor), POLLIN, 0};
        const int ready = ::poll(&waiting, descriptor >= 0 ? 1 : 0, 200);
        bool any = false;
        while (const auto event = next_event(session_)) {
            any = true;
            handle(*event);
        }
        // Readable without an event: the loader is starting another engine.
        if (ready > 0 && !any) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void StatusSession::handle(const Event& event) {
    const std::lock_guard lock(mutex_);
    if (event.record.kind == CAREPLUG_EVENT_REQUEST) {
        const std::string nobody = "Nobody signs in at a status page.";
        careplug_handle problem = 0;
        careplug_complete(session_.get(), event.record.subject, CAREPLUG_REFUSED_SIGNED_OUT, nobody.data(),
                          nobody.size(), &problem);
        take_text(problem);
    }
    if (event.record.kind != CAREPLUG_EVENT_ENGINE) return;
    const json document = json::parse(event.body, nullptr, false);
    told_.push_front({event.record.time, document.is_object() ? document.value("sentence", "") : event.body});
    if (told_.size() > most_told) told_.pop_back();
}

json StatusSession::read() {
    const std::lock_guard lock(mutex_);
    json out{{"answers", false}, {"sentence", ""}};
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const careplug_status status = careplug_session_state(session_.get(), &result, &problem);
    const std::string text = take_text(result);
    out["sentence"] = take_text(problem);
    if (status < CAREPLUG_REFUSED) {
        last_state_ = text;
        out["answers"] = true;
    }
    const json state = json::parse(last_state_, nullptr, false);
    out["state"] = state.is_object() ? state : json::object();
    json told = json::array();
    for (const Told& one : told_) told.push_back({{"at", one.at}, {"sentence", one.sentence}});
    out["events"] = std::move(told);
    return out;
}

}  // namespace careplug::sim
