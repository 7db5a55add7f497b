#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plans/known.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::int64_t removed_shown_ms = std::int64_t{30} * 24 * 3600 * 1000;

bool of_kind(const json& care_plan, const plan::DataSet& data_set) {
    const json categories = care_plan.value("category", json::array());
    if (categories.empty()) throw std::invalid_argument("a plan that does not say of what kind it is");
    for (const auto& category : categories)
        for (const auto& coding : category.value("coding", json::array()))
            if (coding.value("system", std::string()) == data_set.plan_type.system &&
                coding.value("code", std::string()) == data_set.plan_type.code)
                return true;
    return false;
}

std::int32_t knowledge_of(plan::PlanStatus status) {
    switch (status) {
        case plan::PlanStatus::active:
            return CAREPLUG_KNOWLEDGE_PLAN;
        case plan::PlanStatus::on_hold:
            return CAREPLUG_KNOWLEDGE_SUSPENDED;
        case plan::PlanStatus::completed:
            return CAREPLUG_KNOWLEDGE_CLOSED;
        case plan::PlanStatus::entered_in_error:
            return CAREPLUG_KNOWLEDGE_REMOVED;
    }
    return CAREPLUG_KNOWLEDGE_NOT_KNOWN;
}

template <std::size_t size>
std::string field_text(const std::uint8_t (&field)[size]) {
    const auto* text = reinterpret_cast<const char*>(field);
    return std::string(text, ::strnlen(text, size));
}

}  // namespace

PlanAnswer resolve(const std::vector<json>& care_plans, const Catalogue& catalogue, bool had_plan,
                   std::int64_t checked, std::int64_t checked_boot) {
    PlanAnswer answer;
    answer.checked = checked;
    answer.checked_boot = checked_boot;
    answer.reason = CAREPLUG_REASON_NONE;
    answer.knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
    int active = 0;
    for (const auto& care_plan : care_plans) {
        PlanAnswer one = answer;
        try {
            if (!of_kind(care_plan, catalogue.main())) continue;
            one.data_set = catalogue.find(plan::fhir::data_set_of(care_plan));
            if (!one.data_set) throw std::invalid_argument("a data set that this computer does not have");
            one.plan = plan::fhir::read_plan(*one.data_set, care_plan);
        } catch (const std::exception&) {
            answer = {};
            answer.checked = checked;
            answer.checked_boot = checked_boot;
            answer.reason = CAREPLUG_REASON_OTHER;
            if (!control::on("H3.unreadable-plan-not-known")) answer.knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
            return answer;
        }
        one.knowledge = knowledge_of(one.plan->status);
        // A consent that was withdrawn suspends the plan whatever its status says (hazard H8).
        const auto flags = plan::flags_of(*one.data_set, *one.plan, {});
        if (control::on("H8.withdrawn-consent-is-suspended") &&
            std::any_of(flags.begin(), flags.end(), [](const auto& flag) { return flag.id == "suspended"; }))
            one.knowledge = CAREPLUG_KNOWLEDGE_SUSPENDED;
        if (one.knowledge == CAREPLUG_KNOWLEDGE_PLAN) {
            one.care_plan = care_plan.dump();
        } else {
            // Nothing of what it says stays on this computer (hazard H8).
            one.plan = plan::without_content(*one.plan);
            one.care_plan = plan::fhir::write_plan(*one.data_set, *one.plan).dump();
        }
        if (one.knowledge == CAREPLUG_KNOWLEDGE_PLAN && ++active > 1 &&
            control::on("H6.several-plans-not-guessed")) {
            answer = {};
            answer.checked = checked;
            answer.checked_boot = checked_boot;
            answer.reason = CAREPLUG_REASON_UNRESOLVED;
            return answer;
        }
        if (one.knowledge == CAREPLUG_KNOWLEDGE_REMOVED) {
            const std::string& when =
                one.plan->status_date.empty() ? one.plan->amended : one.plan->status_date;
            const std::int64_t removed = parse_time(when);
            if (!had_plan || (removed != 0 && checked - removed > removed_shown_ms)) continue;
        }
        // An active plan comes first, then what is suspended, closed, removed: the order of the constants.
        if (!answer.plan || one.knowledge < answer.knowledge) answer = one;
    }
    return answer;
}

CheckedKey check_key(const careplug_patient_key& key) {
    CheckedKey checked;
    checked.birth_date = field_text(key.birth_date);
    const auto number = plan::parse_nhs_number(field_text(key.nhs_number));
    if (!number.valid() && control::on("H3.number-valid")) {
        checked.reason = number.problem == plan::NhsNumberProblem::missing ? CAREPLUG_REASON_NO_NUMBER
                                                                           : CAREPLUG_REASON_BAD_NUMBER;
        checked.sentence = plan::sentence(number.problem);
        return checked;
    }
    if (key.number_status != 1 && control::on("H3.number-verified")) {
        checked.reason = CAREPLUG_REASON_UNVERIFIED;
        checked.sentence =
            "The NHS number of this record is not verified, so no plan can be looked up: trace and verify "
            "the number first.";
        return checked;
    }
    checked.digits = number.digits;
    return checked;
}

}  // namespace careplug::engine
