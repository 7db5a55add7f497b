#include <careplug/plan/audit.h>
// "Changed elsewhere": patients of a practice whose plan others changed since the practice accepted it last:
// a revision, a change of the plan's state, a note. An acceptance is a change of its own: durable in the
// outbox, then a Task on the exchange.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// The view of the record that files what others change.
constexpr const char* filing_view = "gp";

// Without a plan that can be told of there is nothing that others changed in it.
bool has_plan(const Known& known) {
    return known.answer.plan && known.answer.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
           known.answer.knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN;
}

// What it says may be shown, so that it can be seen and accepted.
bool shows_content(const Known& known) {
    return known.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN ||
           known.answer.knowledge == CAREPLUG_KNOWLEDGE_CLOSED;
}

std::string state_words(const plan::Plan& header) {
    std::string words = plan::words(header.status);
    if (header.status == plan::PlanStatus::active) words = "opened again";
    return "The plan became: " + words + (header.status_by.empty() ? "" : ", by " + header.status_by);
}

}  // namespace

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
        if (found == known_.end() || !found->second.current || !has_plan(found->second)) continue;
        const plan::Plan& plan = *found->second.answer.plan;
        const auto last = elsewhere_.find(digits);
        list.push_back({digits, plan.id, plan.organisation, plan.revision,
                        plan::fhir::counted_version(plan.etag),
                        last == elsewhere_.end() ? Elsewhere{} : last->second});
    }
    return list;
}

void Session::apply_accepted(const std::map<std::string, Elsewhere>& elsewhere) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    bool changed = false;
    for (const auto& [digits, now] : elsewhere) {
        const json was = changes_elsewhere(digits);
        Elsewhere& last = elsewhere_[digits];
        const Elsewhere before = std::exchange(last, now);
        // What was accepted here and is on its way stays accepted.
        if (before.plan_id == now.plan_id) last.accepted.add(before.accepted);
        if (last.plan_id != before.plan_id || last.accepted != before.accepted) keep_accepted(digits, last);
        changed = changed || was != changes_elsewhere(digits);
    }
    if (!changed) return;
    // The list of session-state and the buttons may be others: the host is told to look again.
    last_table_.clear();
    publish_flags(false);
}

void Session::keep_accepted(const std::string& digits, const Elsewhere& elsewhere) {
    const json body{{"plan_id", elsewhere.plan_id}, {"accepted", write_accepted(elsewhere.accepted)}};
    try {
        hub_.store().put({Drawer::last_known, identity_->audience(), digits, "accepted"}, body.dump(),
                         now_ms());
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("what was accepted is not kept: ") + failure.what());
    }
}

Session::Elsewhere Session::unaccepted(const std::string& digits) const {
    const auto known = known_.find(digits);
    const auto found = elsewhere_.find(digits);
    if (known == known_.end() || found == elsewhere_.end() || !has_plan(known->second)) return {};
    Elsewhere left = found->second;
    if (left.plan_id != known->second.answer.plan->id) return {};
    for (const auto& [id, one] : waiting_)
        if (one.digits == digits && one.plan_id == left.plan_id) left.accepted.add(one.accepted);
    const bool shows = shows_content(known->second);
    left.by_others = left.by_others && shows && known->second.answer.plan->revision > left.accepted.revision;
    std::erase_if(left.states, [&](const plan::Plan& state) {
        return left.accepted.holds_state(plan::fhir::counted_version(state.etag), state.revision);
    });
    std::erase_if(left.notes, [&](const auto& note) {
        return known->second.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN ||
               left.accepted.notes.contains(note.id);
    });
    return left;
}

// In words for the list, without what a note says.
json Session::changes_elsewhere(const std::string& digits) const {
    json list = json::array();
    const Elsewhere left = unaccepted(digits);
    if (left.by_others) {
        const plan::Plan& plan = *known_.at(digits).answer.plan;
        const bool own = identity_ && plan.organisation == identity_->actor.organisation;
        const std::string revision = "revision " + std::to_string(plan.revision);
        list.push_back({{"change", "revision"},
                        {"when", plan.amended},
                        {"text", own                   ? "Changed by others before " + revision
                                 : plan.author.empty() ? "Published: " + revision
                                                       : "Published: " + revision + ", by " + plan.author}});
    }
    for (const auto& state : left.states)
        list.push_back({{"change", "state"}, {"when", state.status_date}, {"text", state_words(state)}});
    for (const auto& note : left.notes)
        list.push_back({{"change", "note"},
                        {"when", note.when},
                        {"text", "Note" + (note.author.empty() ? "" : " by " + note.author)}});
    return list;
}

bool Session::changed_elsewhere(const std::string& digits) const {
    const Elsewhere left = unaccepted(digits);
    return left.by_others || !left.states.empty() || !left.notes.empty();
}

json Session::changed_elsewhere_list() const {
    json list = json::array();
    for (const auto& [digits, one] : elsewhere_) {
        json changes = changes_elsewhere(digits);
        if (changes.empty()) continue;
        const plan::Plan& plan = *known_.at(digits).answer.plan;
        list.push_back({{"nhs_number", digits},
                        {"revision", plan.revision},
                        {"accepted", one.accepted.revision},
                        {"amended", plan.amended},
                        {"author", plan.author},
                        {"changes", std::move(changes)}});
    }
    return list;
}

// Of a plan that must not be shown its state is seen alone, and accepted alone.
void Session::draw_states_elsewhere(Panel& one, const OpenPatient& owner, json& out) {
    const Elsewhere left = unaccepted(owner.checked.digits);
    if (one.action != "accept" || left.states.empty() || !owner.no_relationship.empty()) return;
    const std::int32_t knowledge = knowledge_now(owner);
    if (knowledge != CAREPLUG_KNOWLEDGE_SUSPENDED && knowledge != CAREPLUG_KNOWLEDGE_REMOVED) return;
    try {
        refuse_identity(owner);
    } catch (const Problem&) {
        return;  // somebody else's, perhaps
    }
    for (auto state = left.states.rbegin(); state != left.states.rend(); ++state) {
        out["history"].push_back(draw_state(*state));
        out["history"].back()["new"] = true;
    }
    one.drawn.version = plan::fhir::counted_version(left.states.back().etag);
    out["intent"] = "submit";
}

void Session::open_acceptance(Panel& one, OpenPatient& owner) {
    if (!changed_elsewhere(owner.checked.digits))
        throw Problem(CAREPLUG_REFUSED,
                      "Nothing waits to be accepted: somebody of your practice may have accepted it.");
    refuse_identity(owner);
    open_history(one, owner);
    one.state_plan = known(owner.checked.digits).answer.plan->id;
    // Of what must not be shown there is no history to wait for.
    one.loading = barred(owner).empty();
    one.title = "Changed elsewhere";
    one.mode_words = "What others changed since your practice accepted last";
}

wire::Reply Session::submit_acceptance(Panel& one) {
    OpenPatient& owner = patients_.at(one.patient);
    refuse_identity(owner);
    const auto& found = known(owner.checked.digits).answer.plan;
    if (!found || one.drawn == plan::fhir::Accepted{})
        throw Problem(CAREPLUG_REFUSED, "What changed has not arrived: wait until it is shown.");
    const plan::Plan& shown = *found;
    if (shown.id != one.state_plan)
        throw Problem(CAREPLUG_REFUSED, "Another plan took the place of this one: open the changes again.");
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
    // What this panel showed, not what others did since.
    change.accepted = one.drawn;
    take_basis(change, owner);
    audit(plan::audit_kind::submit, {change.digits}, {"", "", "accept"});
    // What was published since is filed when that is accepted.
    if (one.drawn.revision == found->revision || knowledge_now(owner) == CAREPLUG_KNOWLEDGE_REMOVED)
        accept_and_file(change.digits);
    const std::int64_t now = now_ms();
    const std::string body = write_change(change);
    hub_.store().put({Drawer::outbox, author_, change.digits, change.id}, body, now);
    waiting_[change.id] = waiting_of(change, now, body);
    last_table_.clear();
    return begin_operation(one, change);
}

}  // namespace careplug::engine
