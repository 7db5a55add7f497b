// How a change ended: what is known then, what the panel shows, and what its host is told.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <typeinfo>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// What the exchange gave just now, beside this person's plans of other kinds. False where a newer revision is
// known already.
bool take_read_back(Known& answer, const std::string& care_plan, const Catalogue& catalogue) {
    PlanAnswer now =
        resolve(with_plan(answer.answer, json::parse(care_plan)), catalogue, true, now_ms(), boot_ms());
    if (!now.plan) return false;
    if (answer.answer.plan && answer.answer.plan->id == now.plan->id &&
        answer.answer.plan->revision > now.plan->revision)
        return false;
    answer.answer = std::move(now);
    answer.current = true;
    answer.had_plan = true;
    return true;
}

}  // namespace

void Session::change_settled(const Change& change, const SendResult& result) {
    const std::lock_guard lock(mutex_);
    if (!identity_ && author_.empty()) return;
    waiting_.erase(change.id);
    copy_soon(change.digits);
    const bool done = result.kind == SendResult::Kind::done;
    if (done && change.intent == accept_intent) {
        Elsewhere& last = elsewhere_[change.digits];
        if (last.plan_id.empty()) last.plan_id = change.plan_id;
        if (last.plan_id == change.plan_id) last.accepted.add(change.accepted);
        if (identity_) keep_accepted(change.digits, last);
        last_table_.clear();
    }
    if (!done && result.draft_kept != 0) look_at_store(change.digits);
    if (done && !change.submission.empty())
        std::erase_if(known(change.digits).submissions,
                      [&](const auto& one) { return one.resource == change.submission; });
    if (done && !result.theirs_care_plan.empty()) {
        Known& answer = known(change.digits);
        if (take_read_back(answer, result.theirs_care_plan, hub_.catalogue())) {
            // An own change needs no "changed" mark.
            answer.since = 0;
            answer.cpr_seen = false;
            answer.cpr_changed = 0;
            note_cpr(answer);
        }
    }
    const auto operation = operations_.extract(change.id);
    if (!operation.empty()) {
        if (const auto open = panels_.find(operation.mapped().panel); open != panels_.end()) {
            try {
                settle_panel(open->second, change, result);
            } catch (const std::exception& failure) {
                // The operation is complete all the same, and its event must not be lost.
                hub_.log().say(std::string("a panel could not show the outcome: ") + typeid(failure).name());
            }
        }
    }
    try {
        settle_filing(change, done);
    } catch (const std::exception& failure) {
        // What ended is on disk: it is looked at again with the next answer of the exchange.
        hub_.log().say(std::string("what is to be filed is not kept: ") + typeid(failure).name());
        for (auto& [id, one] : patients_)
            if (one.checked.digits == change.digits) one.filing_looked_at = false;
    }
    // First the flags: who is told that it was shared must not still read what stood before.
    publish_flags(false);
    if (!operation.empty()) {
        wire::OperationState state;
        state.operation = operation.mapped().id;
        state.record.size = sizeof state.record;
        state.record.state = CAREPLUG_OPERATION_DONE;
        state.record.status = done ? CAREPLUG_OK : result.status;
        state.record.revision = result.revision;
        events_.push(wire::Frame::operation, wire::encode(state));
        json outcome{{"sentence", result.sentence}, {"issues", json::array()}};
        if (result.revision != 0) outcome["revision"] = result.revision;
        event(CAREPLUG_EVENT_OPERATION, state.record.status, operation.mapped().id, outcome.dump());
    }
    wants_poll_ = true;
    hub_.poll_soon();
}

void Session::settle_panel(Panel& one, const Change& change, const SendResult& result) {
    OpenPatient& owner = patients_.at(one.patient);
    one.operation = 0;
    if (result.draft_kept != 0) {
        one.draft_kept = result.draft_kept;
        one.not_shared = {result.sentence, change.digits, result.draft_kept,
                          result.kind == SendResult::Kind::conflict};
    }
    if (result.submission_gone) {
        one.submission.reset();
        one.submitted.reset();
    }
    // It lies beside a newer draft, which this panel must not overwrite: it is opened anew, with both.
    if (result.aside) {
        one.not_shared.sentence += " You have a newer draft too: close this form and open this change again.";
        panel_changed(one);
        return;
    }
    if (result.kind == SendResult::Kind::done && one.mode == Panel::Mode::edit &&
        change.intent == CAREPLUG_INTENT_PUBLISH) {
        // Published: the panel shows the plan as it now stands.
        one.mode = Panel::Mode::read;
        one.mode_words.clear();
        one.base_plan = plan::fhir::read_plan(*one.data_set, json::parse(result.theirs_care_plan));
        one.base_care_plan = result.theirs_care_plan;
        // A patient's suggestions are not in the plan.
        one.answers = plan::fhir::read_answers(
            *one.data_set, {{"resourceType", "QuestionnaireResponse"}, {"item", json::parse(change.items)}});
        one.base = one.answers;
        one.taken.clear();
        one.conflicts.clear();
        one.merged.clear();
        one.issues.clear();
        one.draft_kept = 0;
        one.resumed = false;
        one.restored.clear();
        one.submission.reset();
        one.submitted.reset();
    } else if (result.kind == SendResult::Kind::done && one.mode == Panel::Mode::state) {
        // The panel shows the plan as it now stands, or that it must not be shown.
        const Known& now = known(owner.checked.digits);
        one.mode = Panel::Mode::read;
        one.action = "read";
        one.mode_words.clear();
        one.data_set = now.answer.data_set ? now.answer.data_set : &hub_.catalogue().main();
        one.answers = {};
        one.submission.reset();
        one.draft_kept = 0;
        one.loading = now.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
        load_content(owner);
        if (one.loading) fill_panel(one, owner);
    } else if (one.shows_history()) {
        // Accepted or not, it goes on showing what it showed.
    } else if (result.kind == SendResult::Kind::done) {
        one.answers = one.base;
        one.touched.clear();
        one.draft_kept = 0;
        one.resumed = false;
    } else if (result.kind == SendResult::Kind::conflict && result.theirs) {
        Known& answer = known(owner.checked.digits);
        if (take_read_back(answer, result.theirs_care_plan, hub_.catalogue()) &&
            answer.answer.plan->id == change.plan_id) {
            owner.content = result.theirs;
            start_merge(one, owner);
        }
    }
    panel_changed(one);
}

}  // namespace careplug::engine
