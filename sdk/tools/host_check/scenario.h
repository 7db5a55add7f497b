// The days that the checking engine plays for a vendor's host: each is a run of the host of its own.
#pragma once

#include <span>
#include <string_view>

namespace careplug::tools {

enum class Play {
    plain,
    open_refused,
    session_refused,
    identity_refused,
    identity_again,
    not_known,
    unknown_values,
    patient_refused,
    other_requests,
    plan_late,
    newer_plan,
    disk_full,
    stay,
    conflict,
    never_sent,
    late_reply,
    large_results,
    engine_ends,
    engine_ends_early,
};

struct Scenario {
    Play play;
    std::string_view name;
    std::string_view story;  // what happens in it, for a person
};

std::span<const Scenario> scenarios();
const Scenario* find_scenario(std::string_view name);

}  // namespace careplug::tools
