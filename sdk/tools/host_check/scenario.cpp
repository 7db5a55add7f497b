#include "scenario.h"

#include <algorithm>
#include <array>

namespace careplug::tools {

namespace {

constexpr std::array table = {
    Scenario{Play::plain, "plain", "Everything goes well: a plan is known, opened, changed and published."},
    Scenario{Play::open_refused, "open-refused", "careplug_open is refused with a sentence."},
    Scenario{Play::session_refused, "session-refused", "careplug_session_open answers FAILED_PLUGIN."},
    Scenario{Play::identity_refused, "identity-refused", "The identity that the host gives is refused."},
    Scenario{Play::identity_again, "identity-again", "The identity runs out and is asked for again."},
    Scenario{Play::not_known, "not-known", "The exchange does not answer: flags are last known."},
    Scenario{Play::unknown_values, "unknown-values",
             "A later engine: unknown knowledge, reason, flag, slot, bits of state, and kind of event."},
    Scenario{Play::patient_refused, "patient-refused", "H1: every patient is refused for their identity."},
    Scenario{Play::other_requests, "other-requests",
             "The record of another patient is asked for, and something that no host knows."},
    Scenario{Play::plan_late, "plan-late", "The plan comes half a second after its panel was opened."},
    Scenario{Play::newer_plan, "newer-plan", "Someone else publishes while the panel is open."},
    Scenario{Play::disk_full, "disk-full", "H4: an answer cannot be written to the disk."},
    Scenario{Play::stay, "stay", "H4: the engine asks to stay with the patient."},
    Scenario{Play::conflict, "conflict", "H5: someone else published first."},
    Scenario{Play::never_sent, "never-sent", "The change is queued and not sent on this day."},
    Scenario{Play::late_reply, "late-reply",
             "careplug_actions is not answered within its deadline, and no engine comes after."},
    Scenario{Play::large_results, "large-results", "Views and sentences are large: 6 MB."},
    Scenario{Play::engine_ends, "engine-ends",
             "The engine ends while a panel is open, and none comes after."},
    Scenario{Play::engine_ends_early, "engine-ends-early",
             "The engine ends while flags are shown, and none comes after."},
};

}  // namespace

std::span<const Scenario> scenarios() {
    return table;
}

const Scenario* find_scenario(std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [name](const Scenario& each) { return each.name == name; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace careplug::tools
