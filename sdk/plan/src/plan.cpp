#include <careplug/controls/controls.h>
#include <careplug/plan/plan.h>

#include <careplug/plan/nhs_number.h>
#include <algorithm>
#include <array>
#include <utility>

#include "text.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

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

Plan without_content(Plan plan) {
    if (!control::on("H8.content-dropped")) return plan;
    constexpr std::array kept{well_known::family,     well_known::given,   well_known::birth_date,
                              well_known::nhs_number, well_known::consent, well_known::consent_date,
                              well_known::death_date};
    std::erase_if(plan.summary.items, [&](const Item& item) {
        return std::none_of(kept.begin(), kept.end(),
                            [&](const char* link_id) { return item.link_id == link_id; });
    });
    for (std::string* text :
         {&plan.status_reason, &plan.author, &plan.approver, &plan.approver_role, &plan.review})
        text->clear();
    return plan;
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
    if (control::on("H1.number") && (!planned.valid() || !shown.valid() || planned.digits != shown.digits))
        return IdentityMatch::different_number;
    const std::string planned_birth_date = date_or_text(plan, well_known::birth_date);
    if (control::on("H1.birth-date") && (planned_birth_date.empty() || planned_birth_date != birth_date))
        return IdentityMatch::different_birth_date;
    if (control::on("H1.name") && (folded(plan.text(well_known::family)) != folded(family) ||
                                   folded(plan.text(well_known::given)) != folded(given)))
        return IdentityMatch::different_name;
    return IdentityMatch::same;
}

}  // namespace careplug::plan
