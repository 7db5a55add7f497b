// What of an answer is shown, by whom and how long: the engine's rules without an engine.
#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"
#include "plans/known.h"
#include "session/flag_order.h"

using namespace careplug::engine;
using namespace plan_test;
namespace plan = careplug::plan;

namespace {

constexpr std::int64_t answered_at = 1'000'000;
const Catalogue& catalogue() {
    static const Catalogue all(CAREPLUG_SOURCE_DIR "/sdk/plan/datasets");
    return all;
}

nlohmann::json care_plan(const Answers& answers = complete_answers()) {
    return plan::fhir::write_plan(urgent_care_plan(), active_plan(urgent_care_plan(), answers));
}

PlanAnswer answer_of(const std::vector<nlohmann::json>& care_plans) {
    return resolve(care_plans, catalogue(), false, answered_at, answered_at);
}

Known known_of(const std::vector<nlohmann::json>& care_plans) {
    Known known;
    known.answer = answer_of(care_plans);
    known.current = true;
    return known;
}

careplug_patient_key key_of(const std::string& number = "9990000018", const std::string& born = "1944-06-19",
                            std::int32_t status = 1) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = status;
    std::memcpy(key.nhs_number, number.data(), number.size());
    std::memcpy(key.birth_date, born.data(), born.size());
    return key;
}

ShownFlags shown(const Known& known, std::int64_t later = 0, bool signed_in = true,
                 const careplug_patient_key& key = key_of()) {
    ShowContext context{catalogue(), "ae", signed_in, answered_at + later, answered_at + later, {}};
    context.flags.view = "ae";
    context.flags.today = today;
    return show(check_key(key), &known, context);
}

// The state of a flag that is shown; -1 where it is not.
int state_of(const ShownFlags& all, const std::string& id) {
    for (std::size_t at = 0; at < all.flags.size(); ++at)
        if (all.flags[at].id == id) return static_cast<int>(all.states[at]);
    return -1;
}

}  // namespace

TEST_CASE("H2: an answer is fresh for its time, then last known and marked so") {
    const Known known = known_of({care_plan()});
    const std::int64_t good_for = urgent_care_plan().freshness.plan_ms;
    const auto fresh = shown(known, good_for - 1);
    CHECK(fresh.record.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(fresh.deadline == answered_at + good_for);
    CHECK(state_of(fresh, "dnacpr") == 0);
    const auto later = shown(known, good_for);
    CHECK(later.record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(later.record.reason == CAREPLUG_REASON_STALE);
    CHECK(state_of(later, "dnacpr") == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(later.record.checked == answered_at);
}

TEST_CASE("H2: an answer that may no longer hold is last known at once") {
    Known known = known_of({care_plan()});
    known.current = false;
    known.reason = CAREPLUG_REASON_UNREACHABLE;
    const auto now = shown(known);
    CHECK(now.record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(now.record.reason == CAREPLUG_REASON_UNREACHABLE);
    CHECK(state_of(now, "dnacpr") == CAREPLUG_FLAG_LAST_KNOWN);
}

TEST_CASE("H3: no plan found is never shown as last known") {
    Known known = known_of({});
    CHECK(state_of(shown(known), "no-plan") == 0);
    CHECK(state_of(shown(known, urgent_care_plan().freshness.no_plan_ms), "no-plan") == -1);
    known.current = false;
    CHECK(state_of(shown(known), "no-plan") == -1);
}

TEST_CASE("H9: who is signed out, or may not see plans, sees nothing of the last one") {
    Known known = known_of({care_plan()});
    const auto signed_out = shown(known, 0, false);
    CHECK(signed_out.record.reason == CAREPLUG_REASON_SIGNED_OUT);
    CHECK(signed_out.flags.size() == 1);
    CHECK(signed_out.record.revision == 0);
    known.current = false;
    known.reason = CAREPLUG_REASON_NOT_PERMITTED;
    const auto not_permitted = shown(known);
    CHECK(not_permitted.record.last_knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(not_permitted.flags.size() == 1);
}

TEST_CASE("H1: the flags of a plan with another birth date read not known, and show nothing of it") {
    const Known known = known_of({care_plan()});
    const auto other = shown(known, 0, true, key_of("9990000018", "1944-06-20"));
    CHECK(other.record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(other.record.reason == CAREPLUG_REASON_BIRTH_DATE);
    CHECK(state_of(other, "dnacpr") == -1);
    CHECK(other.record.revision == 0);
}

TEST_CASE("H3: a number that finds no plan is told before anybody is asked") {
    CHECK(check_key(key_of()).reason == 0);
    CHECK(check_key(key_of("999 000 0018")).digits == "9990000018");
    CHECK(check_key(key_of("")).reason == CAREPLUG_REASON_NO_NUMBER);
    CHECK(check_key(key_of("9990000019")).reason == CAREPLUG_REASON_BAD_NUMBER);
    CHECK(check_key(key_of("9990000018", "1944-06-19", 2)).reason == CAREPLUG_REASON_UNVERIFIED);
    CHECK(check_key(key_of("9990000018", "1944-06-19", 0)).reason == CAREPLUG_REASON_UNVERIFIED);
}

TEST_CASE("H6: of two active plans none is chosen") {
    auto second = care_plan();
    second["id"] = "another";
    const auto answer = answer_of({care_plan(), second});
    CHECK(answer.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(answer.reason == CAREPLUG_REASON_UNRESOLVED);
    CHECK_FALSE(answer.plan);
}

TEST_CASE("H3: a plan that cannot be read is not known, and never no plan") {
    auto of_no_kind = care_plan();
    of_no_kind.erase("category");
    auto without_summary = care_plan();
    without_summary.erase("contained");
    auto of_another_form = care_plan();
    of_another_form["instantiatesCanonical"] = {"urn:x-other|9"};
    for (const auto& one : {of_no_kind, without_summary, of_another_form}) {
        CHECK(answer_of({one}).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(answer_of({one}).reason == CAREPLUG_REASON_OTHER);
    }
}

TEST_CASE(
    "H8: a plan whose consent was withdrawn is suspended, whatever its status says, and keeps no content") {
    Answers answers = complete_answers();
    answers.set("con.status", option(urgent_care_plan(), "con.status", "882941000000102"));
    const auto answer = answer_of({care_plan(answers)});
    CHECK(answer.knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED);
    REQUIRE(answer.plan);
    CHECK_FALSE(answer.plan->summary.has("cpr.decision"));
    CHECK(answer.care_plan.find("450476008") == std::string::npos);
}

TEST_CASE("H3: a policy that hides what must be shown is not followed") {
    const std::vector<ShownFlags> before{shown(known_of({care_plan()}))};
    const auto asked = policy_flags(before);
    const auto order_after = [&](const auto& change) {
        auto answered = asked;
        for (auto& flag : answered) change(flag);
        auto all = before;
        const bool taken = take_order(all, asked, answered);
        return std::pair(taken, all.front());
    };
    for (const int slot : {CAREPLUG_SLOT_KNOWLEDGE, CAREPLUG_SLOT_CPR}) {
        const auto [taken, kept] = order_after([&](auto& flag) { flag.covered = flag.slot == slot ? 1 : 0; });
        CHECK_FALSE(taken);
        CHECK(kept.flags == before.front().flags);
        CHECK(kept.states == before.front().states);
    }
    const auto [taken, turned] = order_after([&](auto& flag) { flag.order = 100 - flag.slot; });
    CHECK(taken);
    CHECK(turned.flags.back() == before.front().flags.front());
}

TEST_CASE("H3: a policy that changes a flag is not followed") {
    const std::vector<ShownFlags> before{shown(known_of({care_plan()}))};
    const auto asked = policy_flags(before);
    auto answered = asked;
    for (auto& flag : answered)
        if (flag.slot == CAREPLUG_SLOT_CPR) std::memcpy(flag.id, "for-cpr", 8);
    auto all = before;
    CHECK_FALSE(take_order(all, asked, answered));
    CHECK(all.front().flags == before.front().flags);
}
