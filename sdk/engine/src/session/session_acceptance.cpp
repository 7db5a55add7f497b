#include <careplug/plan/audit.h>
// "Changed elsewhere": patients of a practice whose plan others changed since the practice accepted it last.
// An acceptance is a change of its own: durable in the outbox, then a Task on the exchange.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

// The view of the record that files what others change.
constexpr const char* filing_view = "gp";

std::string Session::accepting_organisation() const {
    const std::lock_guard lock(mutex_);
    const bool files = plugin_->facts().view == filing_view;
    return identity_ && files && plan::may_edit(identity_->actor) ? identity_->actor.organisation
                                                                  : std::string();
}

std::vector<Session::Unaccepted> Session::to_accept(const std::vector<std::string>& numbers) const {
    const std::lock_guard lock(mutex_);
    std::vector<Unaccepted> list;
    for (const auto& digits : numbers) {
        const auto found = known_.find(digits);
        if (found == known_.end() || !found->second.current || !found->second.answer.plan) continue;
        if (found->second.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) continue;
        const plan::Plan& plan = *found->second.answer.plan;
        const auto last = elsewhere_.find(digits);
        const Elsewhere seen = last == elsewhere_.end() ? Elsewhere{} : last->second;
        if (seen.accepted < plan.revision)
            list.push_back({digits, plan.id, plan.organisation, plan.revision, seen});
    }
    return list;
}

void Session::apply_accepted(const std::map<std::string, Elsewhere>& elsewhere) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    bool changed = false;
    for (const auto& [digits, now] : elsewhere) {
        Elsewhere& last = elsewhere_[digits];
        const bool was = changed_elsewhere(digits);
        const bool more = now.accepted > last.accepted;
        // What was accepted here and is on its way stays accepted.
        if (now.accepted >= last.accepted) last = now;
        if (more) keep_accepted(digits, last.accepted);
        changed = changed || was != changed_elsewhere(digits);
    }
    if (!changed) return;
    // The list of session-state and the buttons may be others: the host is told to look again.
    last_table_.clear();
    publish_flags(false);
}

void Session::keep_accepted(const std::string& digits, std::uint32_t revision) {
    try {
        hub_.store().put({Drawer::last_known, identity_->audience(), digits, "accepted"},
                         std::to_string(revision), now_ms());
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("what was accepted is not kept: ") + failure.what());
    }
}

bool Session::changed_elsewhere(const std::string& digits) const {
    const auto known = known_.find(digits);
    const auto found = elsewhere_.find(digits);
    if (known == known_.end() || found == elsewhere_.end() || !known->second.answer.plan) return false;
    if (known->second.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) return false;
    std::uint32_t accepted = found->second.accepted;
    for (const auto& [id, one] : waiting_)
        if (one.digits == digits) accepted = std::max(accepted, one.accepted);
    return found->second.by_others && known->second.answer.plan->revision > accepted;
}

json Session::changed_elsewhere_list() const {
    json list = json::array();
    for (const auto& [digits, one] : elsewhere_) {
        if (!changed_elsewhere(digits)) continue;
        const plan::Plan& plan = *known_.at(digits).answer.plan;
        list.push_back({{"nhs_number", digits},
                        {"revision", plan.revision},
                        {"accepted", one.accepted},
                        {"amended", plan.amended},
                        {"author", plan.author}});
    }
    return list;
}

void Session::open_acceptance(Panel& one, OpenPatient& owner) {
    if (!changed_elsewhere(owner.checked.digits))
        throw Problem(CAREPLUG_REFUSED,
                      "Nothing waits to be accepted: somebody of your practice may have accepted it.");
    open_history(one, owner);
    one.title = "Changed elsewhere";
    one.mode_words = "What others changed since your practice accepted last";
}

wire::Reply Session::submit_acceptance(Panel& one) {
    OpenPatient& owner = patients_.at(one.patient);
    refuse_identity(owner);
    const auto& found = known(owner.checked.digits).answer.plan;
    if (!owner.history || owner.history->states.empty() || !found || one.drawn_revision == 0)
        throw Problem(CAREPLUG_REFUSED, "What changed has not arrived: wait until it is shown.");
    // What this panel showed is accepted, not what was published since.
    const plan::Plan& shown = owner.history->states.back().header;
    Change change;
    change.id = random_uuid();
    change.intent = accept_intent;
    change.digits = owner.checked.digits;
    change.data_set = one.data_set->canonical();
    change.plan_id = shown.id;
    change.revision_id = random_uuid();
    change.authored = iso_time(now_ms());
    change.subject.nhs_number = shown.nhs_number;
    change.subject.reference = shown.patient_reference;
    change.base_items = change.items = "[]";
    change.draft = "{}";
    change.accepted = std::min(one.drawn_revision, shown.revision);
    take_basis(change, owner);
    audit(plan::audit_kind::submit, {change.digits}, {"", "", "accept"});
    // What was published since is filed when that is accepted.
    if (shown.revision == found->revision) accept_and_file(change.digits);
    const std::int64_t now = now_ms();
    hub_.store().put({Drawer::outbox, author_, change.digits, change.id}, write_change(change), now);
    waiting_[change.id] = {change.digits, change.intent, now, change.accepted, write_change(change)};
    last_table_.clear();
    return begin_operation(one, change);
}

}  // namespace careplug::engine
