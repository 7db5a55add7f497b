#include <careplug/plan/states.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "plan_fixture.h"

using namespace careplug::plan;

namespace {

const std::vector<std::string> roles{"gp",
                                     "palliative_specialist",
                                     "hospice_clinician",
                                     "hospital_clinician",
                                     "senior",
                                     "district_nurse",
                                     "care_home_nurse",
                                     "social_care",
                                     "ooh_clinician",
                                     "ae_clinician",
                                     "ambulance_clinician",
                                     "nhs111_call_handler",
                                     "patient",
                                     "proxy",
                                     "privacy_officer",
                                     "researcher",
                                     "system",
                                     "somebody"};

// "senior" is a hospital clinician whose identity claims seniority.
Actor actor_of(const std::string& role) {
    Actor actor;
    actor.subject = "one";
    actor.role = role == "senior" ? "hospital_clinician" : role;
    actor.senior = role == "senior";
    return actor;
}

using Roles = std::set<std::string>;
const Roles approvers{"gp", "palliative_specialist", "hospice_clinician", "senior"};

Roles with(Roles some, const Roles& more) {
    some.insert(more.begin(), more.end());
    return some;
}

const Roles editors =
    with(approvers, {"hospital_clinician", "district_nurse", "care_home_nurse", "social_care"});
const Roles suspenders = with(approvers, {"hospital_clinician", "district_nurse", "ooh_clinician"});
const Roles persons{"patient", "proxy"};  // of their own sections
const Roles closers = with(suspenders, {"ae_clinician"});

using From = std::optional<PlanStatus>;

}  // namespace

TEST_CASE("Every role, act and state of a plan has its answer") {
    using enum PlanAct;
    // Written out from the data set's states, apart from the table of the program.
    const std::map<std::pair<PlanAct, From>, std::pair<PlanStatus, Roles>> expected{
        {{create, std::nullopt}, {PlanStatus::active, approvers}},
        {{suspend, PlanStatus::active}, {PlanStatus::on_hold, suspenders}},
        {{close, PlanStatus::active}, {PlanStatus::completed, closers}},
        {{close, PlanStatus::on_hold}, {PlanStatus::completed, closers}},
        {{reopen, PlanStatus::on_hold}, {PlanStatus::active, approvers}},
        {{reopen, PlanStatus::completed}, {PlanStatus::active, approvers}},
        {{enter_in_error, PlanStatus::active}, {PlanStatus::entered_in_error, approvers}},
        {{enter_in_error, PlanStatus::on_hold}, {PlanStatus::entered_in_error, approvers}}};
    const From states[] = {std::nullopt, PlanStatus::active, PlanStatus::on_hold, PlanStatus::completed,
                           PlanStatus::entered_in_error};
    for (const PlanAct act : {create, suspend, close, reopen, enter_in_error})
        for (const From& from : states)
            for (const std::string& role : roles) {
                INFO(verb(act) << " from " << words(from) << " by " << role);
                const auto row = expected.find({act, from});
                const Decision decision = may(act, actor_of(role), from);
                if (row == expected.end()) {
                    CHECK(decision.refusal == Decision::Refusal::state);
                    CHECK_FALSE(decision.sentence.empty());
                    continue;
                }
                CHECK(outcome(act) == row->second.first);
                if (row->second.second.contains(role)) {
                    CHECK(decision);
                } else {
                    CHECK(decision.refusal == Decision::Refusal::role);
                    CHECK(decision.sentence.find(" GP") != std::string::npos);
                }
            }
    for (const From& from : states)
        for (const From& to : states) {
            if (!to) continue;
            const auto act = act_between(from, *to);
            const bool there = std::any_of(expected.begin(), expected.end(), [&](const auto& each) {
                return each.first.second == from && each.second.first == *to;
            });
            CHECK(act.has_value() == there);
            if (act) CHECK(outcome(*act) == *to);
        }
}

TEST_CASE("H7: every role, act and state of a revision has its answer") {
    using enum RevisionAct;
    using State = RevisionStatus;
    struct Expected {
        State to;
        Roles author, other;
    };
    const Roles nobody;
    const std::map<std::pair<RevisionAct, State>, Expected> expected{
        {{save, State::draft}, {State::draft, with(editors, persons), nobody}},
        {{submit, State::draft}, {State::submitted, editors, nobody}},
        {{publish, State::draft}, {State::published, with(approvers, persons), nobody}},
        {{withdraw, State::draft}, {State::withdrawn, with(editors, persons), nobody}},
        // Of the author's organisation, where somebody else published over it.
        {{approve, State::draft}, {State::approved, nobody, nobody}},
        {{approve, State::submitted}, {State::approved, approvers, approvers}},
        {{publish, State::submitted}, {State::published, approvers, approvers}},
        {{send_back, State::submitted}, {State::draft, editors, approvers}},
        {{withdraw, State::submitted}, {State::withdrawn, editors, approvers}},
        {{publish, State::approved}, {State::published, approvers, approvers}},
        {{send_back, State::approved}, {State::draft, editors, approvers}},
        {{withdraw, State::approved}, {State::withdrawn, editors, approvers}},
        {{enter_in_error, State::published}, {State::entered_in_error, approvers, approvers}}};
    const State states[] = {State::draft,      State::submitted, State::approved,        State::published,
                            State::superseded, State::withdrawn, State::entered_in_error};
    for (const RevisionAct act :
         {save, submit, approve, publish, send_back, withdraw, supersede, RevisionAct::enter_in_error})
        for (const State from : states)
            for (const std::string& role : roles)
                for (const bool is_author : {true, false}) {
                    INFO(verb(act) << " from " << code(from) << " by " << role
                                   << (is_author ? ", author" : ""));
                    const auto row = expected.find({act, from});
                    const Decision decision = may(act, actor_of(role), from, is_author);
                    if (row == expected.end()) {
                        CHECK(decision.refusal == Decision::Refusal::state);
                        CHECK_FALSE(decision.sentence.empty());
                        continue;
                    }
                    CHECK(act_between(from, row->second.to) == act);
                    if ((is_author ? row->second.author : row->second.other).contains(role)) {
                        CHECK(decision);
                    } else {
                        CHECK(decision.refusal == Decision::Refusal::role);
                        CHECK(decision.sentence.find(" can.") != std::string::npos);
                    }
                }
    for (const std::string& role : roles) {
        INFO(role);
        for (const bool is_author : {true, false}) {
            const auto in_inbox = [&](RevisionAct act, State from) {
                return static_cast<bool>(may(act, actor_of(role), from, is_author, true));
            };
            CHECK(in_inbox(approve, State::draft) == approvers.contains(role));
            // It lets nobody do more than that.
            for (const RevisionAct act : {save, submit, publish, withdraw})
                CHECK(in_inbox(act, State::draft) ==
                      static_cast<bool>(may(act, actor_of(role), State::draft, is_author)));
        }
    }
    CHECK(act_between(State::published, State::superseded) == supersede);
    CHECK_FALSE(act_between(State::withdrawn, State::draft));
    for (const State each : states) CHECK(revision_status(code(each)) == each);
    CHECK_FALSE(revision_status("final"));
}

TEST_CASE("A refusal says who could") {
    CHECK(may(PlanAct::close, actor_of("district_nurse"), PlanStatus::active));
    const auto nurse = may(PlanAct::enter_in_error, actor_of("district_nurse"), PlanStatus::active);
    CHECK(nurse.sentence ==
          "Your role (district nurse) cannot enter a plan in error. A GP, a palliative care specialist, a "
          "hospice clinician or a senior hospital clinician can.");
    CHECK(may(PlanAct::suspend, actor_of("gp"), PlanStatus::completed).sentence ==
          "A plan that is closed (the person died) cannot be suspended: that needs a plan that is active.");
    CHECK(who_has(Right::close).find("or an A&E clinician") != std::string::npos);
}
