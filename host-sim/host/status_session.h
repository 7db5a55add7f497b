// A session at which nobody ever signs in: it asks the plan service how it fares, for the page of the person
// who looks after this system. It has its own, so that this never stands in the way of a clinician's call.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <thread>

#include "careplug_host.h"
#include "profile.h"

namespace careplug::sim {

class StatusSession {
public:
    // Throws Refusal when the session cannot be opened.
    StatusSession(const LoaderHandle& loader, const Profile& profile);
    ~StatusSession();
    StatusSession(const StatusSession&) = delete;
    StatusSession& operator=(const StatusSession&) = delete;

    // {"answers", "sentence", "state": `session-state` as it was last read, "events": [{"at", "sentence"}]}
    nlohmann::json read();

private:
    struct Told {
        std::int64_t at = 0;
        std::string sentence;
    };
    void pull_events();
    void handle(const Event& event);

    SessionHandle session_;
    std::mutex mutex_;
    std::string last_state_;
    std::deque<Told> told_;  // the newest first
    std::atomic<bool> ending_{false};
    std::thread pump_;
};

}  // namespace careplug::sim
