#include <careplug/plan/plan.h>

#include <careplug/plan/nhs_number.h>
#include <algorithm>
#include <array>
#include <utility>

#include "text.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

using Transition = std::pair<std::string_view, std::string_view>;

constexpr std::array<Transition, 7> plan_transitions{{{"none", "active"},
                                                      {"active", "on-hold"},
                                                      {"active", "completed"},
                                                      {"active", "entered-in-error"},
                                                      {"on-hold", "active"},
                                                      {"on-hold", "completed"},
                                                      {"on-hold", "entered-in-error"}}};

// A death notice was removed or wrong.
constexpr Transition death_notice_was_wrong{"completed", "active"};

constexpr std::array<Transition, 10> revision_transitions{{{"draft", "submitted"},
                                                           {"draft", "withdrawn"},
                                                           {"submitted", "approved"},
                                                           {"submitted", "draft"},
                                                           {"submitted", "withdrawn"},
                                                           {"approved", "published"},
                                                           {"approved", "draft"},
                                                           {"approved", "withdrawn"},
                                                           {"published", "superseded"},
                                                           {"published", "entered-in-error"}}};

constexpr std::array<std::pair<PlanStatus, std::string_view>, 4> status_codes{
    {{PlanStatus::active, "active"},
     {PlanStatus::on_hold, "on-hold"},
     {PlanStatus::completed, "completed"},
     {PlanStatus::entered_in_error, "entered-in-error"}}};

std::string date_or_text(const Answers& answers, const char* link_id) {
    const Value* value = answers.first(link_id);
    if (value == nullptr) return {};
    if (const auto* date = std::get_if<Date>(value)) return date->text;
    return answers.text(link_id);
}

}  // namespace

bool plan_transition_allowed(std::string_view from, std::string_view to) {
    const Transition wanted{from, to};
    return wanted == death_notice_was_wrong ||
           std::find(plan_transitions.begin(), plan_transitions.end(), wanted) != plan_transitions.end();
}

bool revision_transition_allowed(std::string_view from, std::string_view to) {
    return std::find(revision_transitions.begin(), revision_transitions.end(), Transition{from, to}) !=
           revision_transitions.end();
}

std::string code(PlanStatus status) {
    for (const auto& [each, text] : status_codes)
        if (each == status) return std::string(text);
    return "unknown";
}

std::optional<PlanStatus> plan_status(std::string_view code) {
    for (const auto& [status, text] : status_codes)
        if (text == code) return status;
    return std::nullopt;
}

IdentityMatch match_identity(const Answers& plan, std::string_view nhs_number, std::string_view birth_date,
                             std::string_view family, std::string_view given) {
    const NhsNumber planned = parse_nhs_number(plan.text(well_known::nhs_number));
    const NhsNumber shown = parse_nhs_number(nhs_number);
    // What cannot be compared does not match: the plan is refused, not shown on trust.
    if (!planned.valid() || !shown.valid() || planned.digits != shown.digits)
        return IdentityMatch::different_number;
    const std::string planned_birth_date = date_or_text(plan, well_known::birth_date);
    if (planned_birth_date.empty() || planned_birth_date != birth_date)
        return IdentityMatch::different_birth_date;
    if (folded(plan.text(well_known::family)) != folded(family) ||
        folded(plan.text(well_known::given)) != folded(given))
        return IdentityMatch::different_name;
    return IdentityMatch::same;
}

}  // namespace careplug::plan
