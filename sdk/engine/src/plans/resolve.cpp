#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "plans/known.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::int64_t removed_shown_ms = std::int64_t{30} * 24 * 3600 * 1000;

// Of what kind a plan is, by any data set of it; null for plans of others, which are none of this service's.
const plan::DataSet* kind_of(const json& care_plan, const Catalogue& catalogue) {
    const json categories = care_plan.value("category", json::array());
    if (categories.empty()) throw std::invalid_argument("a plan that does not say of what kind it is");
    for (const auto& category : categories)
        for (const auto& coding : category.value("coding", json::array()))
            if (const auto* kind = catalogue.of_kind(coding.value("system", std::string()),
                                                     coding.value("code", std::string())))
                return kind;
    return nullptr;
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

PlanAnswer read(const json& care_plan, const Catalogue& catalogue, PlanAnswer one) {
    one.data_set = catalogue.find(plan::fhir::data_set_of(care_plan));
    if (!one.data_set) throw std::invalid_argument("a data set that this computer does not have");
    one.plan = plan::fhir::read_plan(*one.data_set, care_plan);
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
    return one;
}

// Who had shown a plan that was entered in error is told so, for a time.
bool still_told(const plan::Plan& plan, bool had_plan, std::int64_t now) {
    const std::int64_t removed = parse_time(plan.status_date.empty() ? plan.amended : plan.status_date);
    return had_plan && (removed == 0 || now - removed <= removed_shown_ms);
}

using ByKind = std::map<const plan::DataSet*, PlanAnswer>;

PlanAnswer of_all_kinds(ByKind by_kind, const plan::DataSet* main, std::vector<std::string> unreadable) {
    auto first = by_kind.find(main);
    for (auto kind = by_kind.begin(); kind != by_kind.end(); ++kind)
        if (!by_kind.at(main).plan && kind->second.plan &&
            (!first->second.plan || kind->second.knowledge < first->second.knowledge))
            first = kind;
    PlanAnswer answer = std::move(first->second);
    by_kind.erase(first);
    for (auto& [kind, other] : by_kind)
        if (other.knowledge == CAREPLUG_KNOWLEDGE_PLAN)
            answer.others.push_back({std::move(*other.plan), other.data_set, std::move(other.care_plan)});
    // A plan that cannot be read is no "no plan found".
    if (!unreadable.empty() && !answer.plan && control::on("H3.unreadable-plan-not-known")) {
        answer.knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
        answer.reason = CAREPLUG_REASON_OTHER;
    }
    answer.unreadable = std::move(unreadable);
    return answer;
}

template <std::size_t size>
std::string field_text(const std::uint8_t (&field)[size]) {
    const auto* text = reinterpret_cast<const char*>(field);
    return std::string(text, ::strnlen(text, size));
}

}  // namespace

PlanAnswer resolve(const std::vector<json>& care_plans, const Catalogue& catalogue, bool had_plan,
                   std::int64_t checked, std::int64_t checked_boot) {
    PlanAnswer none;
    none.checked = checked;
    none.checked_boot = checked_boot;
    none.reason = CAREPLUG_REASON_NONE;
    none.knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
    const auto not_known = [&](std::int32_t reason) {
        PlanAnswer answer;
        answer.checked = checked;
        answer.checked_boot = checked_boot;
        answer.reason = reason;
        return answer;
    };
    const plan::DataSet* main = &catalogue.main();
    ByKind by_kind{{main, none}};
    std::vector<std::string> unreadable;
    for (const auto& care_plan : care_plans) {
        const plan::DataSet* kind = main;
        std::optional<PlanAnswer> one;
        try {
            kind = kind_of(care_plan, catalogue);
            if (kind == nullptr) continue;
            one = read(care_plan, catalogue, none);
        } catch (const std::exception&) {
            if (!control::on("H3.unreadable-plan-not-known")) continue;
            if (kind == main) return not_known(CAREPLUG_REASON_OTHER);
            unreadable.push_back(kind->title);
            continue;
        }
        PlanAnswer& answer = by_kind.try_emplace(kind, none).first->second;
        if (one->knowledge == CAREPLUG_KNOWLEDGE_PLAN && answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN &&
            control::on("H6.several-plans-not-guessed"))
            return not_known(CAREPLUG_REASON_UNRESOLVED);
        if (one->knowledge == CAREPLUG_KNOWLEDGE_REMOVED && !still_told(*one->plan, had_plan, checked))
            continue;
        // An active plan comes first, then what is suspended, closed, removed: the order of the constants.
        if (!answer.plan || one->knowledge < answer.knowledge) answer = std::move(*one);
    }
    return of_all_kinds(std::move(by_kind), main, std::move(unreadable));
}

std::string write_plans(const PlanAnswer& answer) {
    if (answer.others.empty()) return answer.care_plan;
    json all = json::array({json::parse(answer.care_plan)});
    for (const OtherPlan& other : answer.others) all.push_back(json::parse(other.care_plan));
    return all.dump();
}

std::vector<json> read_plans(const std::string& kept) {
    json plans = json::parse(kept);
    if (!plans.is_array()) return {std::move(plans)};
    return plans.get<std::vector<json>>();
}

std::vector<json> with_plan(const PlanAnswer& answer, json care_plan) {
    const std::string id = care_plan.value("id", std::string());
    std::vector<json> all;
    if (answer.plan && answer.plan->id != id && answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN)
        all.push_back(json::parse(answer.care_plan));
    for (const OtherPlan& other : answer.others)
        if (other.plan.id != id) all.push_back(json::parse(other.care_plan));
    all.push_back(std::move(care_plan));
    return all;
}

bool only_of_other_kinds(const PlanAnswer& answer, const Catalogue& catalogue) {
    return answer.plan && answer.data_set != nullptr &&
           !(answer.data_set->plan_type == catalogue.main().plan_type);
}

plan::IdentityMatch match_person(const Person& person, const plan::Plan& plan, const std::string& digits,
                                 const std::string& birth_date, const std::string& family,
                                 const std::string& given) {
    const plan::Answers& made_for = plan.summary;
    const auto planned = plan::parse_nhs_number(made_for.text("dem.nhs"));
    const auto& earlier = person.earlier;
    const bool is_earlier =
        planned.valid() && std::find(earlier.begin(), earlier.end(), planned.digits) != earlier.end();
    return plan::match_identity(made_for, is_earlier ? planned.digits : digits, birth_date, family, given);
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
