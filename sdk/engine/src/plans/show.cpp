#include <careplug/controls/controls.h>
#include <algorithm>

#include "plans/known.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;

std::int64_t freshness(const PlanAnswer& answer, const Catalogue& catalogue) {
    const auto& times = (answer.data_set ? *answer.data_set : catalogue.main()).freshness;
    return answer.knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN ? times.no_plan_ms : times.plan_ms;
}

bool other_person(const CheckedKey& key, const Known& known) {
    if (!control::on("H1.other-birth-date-shows-nothing")) return false;
    const auto differs = [&](const plan::Plan& plan) {
        const auto match = match_person(known.person, plan, key.digits, key.birth_date, "", "");
        return match == plan::IdentityMatch::different_birth_date ||
               match == plan::IdentityMatch::different_number;
    };
    const PlanAnswer& answer = known.answer;
    return (answer.plan && differs(*answer.plan)) ||
           std::any_of(answer.others.begin(), answer.others.end(),
                       [&](const OtherPlan& other) { return differs(other.plan); });
}

std::vector<plan::Flag> content(const Known& known, const ShowContext& context) {
    plan::FlagContext flags = context.flags;
    flags.checked = clock_words(known.answer.checked);
    return flags_of(known, context.catalogue, flags);
}

void cover(ShownFlags& shown) {
    for (std::size_t at = 1; at < shown.flags.size(); ++at)
        if (shown.flags[at].slot == shown.flags[at - 1].slot) shown.states[at] |= CAREPLUG_FLAG_COVERED;
}

ShownFlags not_known(std::int32_t reason, std::int64_t since, const ShowContext& context,
                     const std::string& why = {}) {
    ShownFlags shown;
    shown.why = why.empty() ? reason_words(reason) : why;
    shown.record.knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    shown.record.reason = reason;
    shown.record.since = since;
    shown.deadline = context.boot + day_ms;
    shown.flags.push_back(plan::not_known_flag(context.catalogue.main(), shown.why,
                                               clock_words(since == 0 ? context.now : since)));
    shown.states.push_back(0);
    return shown;
}

}  // namespace

std::vector<plan::Flag> flags_of(const Known& known, const Catalogue& catalogue,
                                 const plan::FlagContext& context) {
    const PlanAnswer& answer = known.answer;
    const auto& data_set = answer.data_set ? *answer.data_set : catalogue.main();
    if (!answer.plan)
        return answer.knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN ? plan::flags_of_no_plan(data_set, context)
                                                              : std::vector<plan::Flag>();
    std::vector<plan::PlanOfKind> plans{{&data_set, &*answer.plan}};
    for (const OtherPlan& other : answer.others) plans.push_back({other.data_set, &other.plan});
    return plan::flags_of_person(plans, known.record, answer.unreadable, context);
}

std::string reason_words(std::int32_t reason) {
    switch (reason) {
        case CAREPLUG_REASON_NOT_ASKED:
            return "no answer yet";
        case CAREPLUG_REASON_UNREACHABLE:
            return "the care plan exchange does not answer";
        case CAREPLUG_REASON_NO_NUMBER:
            return "no NHS number";
        case CAREPLUG_REASON_UNVERIFIED:
            return "NHS number not verified";
        case CAREPLUG_REASON_BAD_NUMBER:
            return "not a valid NHS number";
        case CAREPLUG_REASON_BIRTH_DATE:
            return "birth date differs from the plan's";
        case CAREPLUG_REASON_SIGNED_OUT:
            return "nobody is signed in";
        case CAREPLUG_REASON_NOT_PERMITTED:
            return "this role may not see plans";
        case CAREPLUG_REASON_ENGINE:
            return "the plan service on this computer stopped";
        case CAREPLUG_REASON_UNRESOLVED:
            return "several plans answer to this number";
        case CAREPLUG_REASON_STALE:
            return "the last answer is too old";
        default:
            return "the answer could not be used";
    }
}

ShownFlags show(const CheckedKey& key, const Known* known, const ShowContext& context) {
    if (key.reason != 0) return not_known(key.reason, 0, context);
    if (!context.signed_in && control::on("H9.signed-out-shows-nothing"))
        return not_known(CAREPLUG_REASON_SIGNED_OUT, 0, context);
    if (!known) return not_known(CAREPLUG_REASON_NOT_ASKED, 0, context);
    const PlanAnswer& answer = known->answer;
    // Not what was last known either: it may be another person's.
    if (known->person.state != Person::State::clear)
        return not_known(CAREPLUG_REASON_UNRESOLVED, 0, context, known->person.words());
    if (other_person(key, *known)) return not_known(CAREPLUG_REASON_BIRTH_DATE, 0, context);
    const std::int64_t good_until = answer.checked_boot + freshness(answer, context.catalogue);
    const bool fresh = (known->current || !control::on("H2.current-answers-alone")) &&
                       answer.checked_boot != 0 &&
                       (context.boot < good_until || !control::on("H2.answers-age")) &&
                       answer.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN;

    ShownFlags shown;
    if (fresh) {
        shown.record.knowledge = answer.knowledge;
        shown.deadline = good_until;
        shown.flags = content(*known, context);
        shown.states.assign(shown.flags.size(), 0);
    } else {
        const std::int32_t reason = !known->current ? known->reason
                                    : answer.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN
                                        ? answer.reason
                                        : CAREPLUG_REASON_STALE;
        shown = not_known(reason, known->since, context);
        // Who may not see plans now does not see the last one either.
        if (reason == CAREPLUG_REASON_NOT_PERMITTED && control::on("H9.not-permitted-shows-nothing"))
            return shown;
        shown.record.last_knowledge = answer.knowledge;
        for (auto& flag : content(*known, context)) {
            // "No plan found" never outlives its freshness, not even outlined.
            if (control::on("H3.no-plan-expires") && flag.slot == CAREPLUG_SLOT_KNOWLEDGE &&
                answer.knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN)
                continue;
            shown.flags.push_back(std::move(flag));
            shown.states.push_back(control::on("H2.last-known-is-marked") ? CAREPLUG_FLAG_LAST_KNOWN : 0);
        }
    }
    shown.record.size = sizeof shown.record;
    shown.record.checked = answer.checked;
    if (answer.plan) {
        shown.record.revision = answer.plan->revision;
        shown.record.amended = parse_time(answer.plan->amended);
    }
    cover(shown);
    return shown;
}

}  // namespace careplug::engine
