// The history of a plan in a session: loaded when somebody asks for it, and an earlier revision as a new
// draft.
#include <careplug/plan/audit.h>
#include <careplug/plan/changes.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/restricted.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

// The plan's revision and state: what a history that was loaded is good for.
std::string Session::history_key(const OpenPatient& owner) {
    const auto& plan = known(owner.checked.digits).answer.plan;
    return plan ? plan->id + "|" + plan->etag + "|" + std::to_string(plan->revision) : std::string();
}

void Session::open_history(Panel& one, OpenPatient& owner) {
    one.mode = Panel::Mode::history;
    one.title = one.data_set->title + ": history";
    one.mode_words = "Every published revision, newest first";
    if (!known(owner.checked.digits).answer.plan)
        throw Problem(CAREPLUG_REFUSED, "No plan is known of this person, so there is no history to show.");
    audit(plan::audit_kind::read, {owner.checked.digits}, {"", "", "history"});
    one.loading = true;
}

void Session::load_history(OpenPatient& owner) {
    const Known& found = known(owner.checked.digits);
    const std::string key = history_key(owner);
    if (!identity_ || key.empty() || owner.history_asked == key || owner.history_key == key) return;
    owner.history_asked = key;
    hub_.run([weak = weak_from_this(), id = owner.id, token = identity_->token, key,
              plan_id = found.answer.plan->id, &catalogue = hub_.catalogue(),
              &hub = hub_](Exchange& exchange) {
        if (const auto asking = weak.lock(); !asking || !asking->is_open(id)) return;
        std::shared_ptr<History> history;
        std::string problem;
        try {
            // What a revision says is given to whom the exchange was told of.
            hub.send_audit(exchange);
            history = std::make_shared<History>(fetch_history(exchange, token, plan_id, catalogue));
        } catch (const Refused& refused) {
            problem = refused.what();
        } catch (const std::exception&) {
            problem = "The care plan exchange does not tell the history of this plan now.";
        }
        const auto session = weak.lock();
        if (!session) return;
        const std::lock_guard lock(session->mutex_);
        const auto open = session->patients_.find(id);
        if (open == session->patients_.end()) return;
        OpenPatient& asking = open->second;
        asking.history_asked.clear();
        asking.load_problem = problem;
        if (history) {
            asking.history = std::move(history);
            asking.history_key = key;
        }
        for (auto& [panel_id, panel] : session->panels_) {
            if (panel.patient != id || !panel.shows_history()) continue;
            panel.loading = !asking.history || !session->barred(asking).empty();
            session->panel_changed(panel);
        }
    });
}

void Session::fill_history(Panel& one, OpenPatient& owner) {
    if (!barred(owner).empty()) {
        owner.history.reset();
        owner.history_key.clear();
        return;
    }
    load_history(owner);
    one.loading = !owner.history;
}

void Session::open_restored(Panel& one, OpenPatient& owner, std::uint32_t revision) {
    const std::string& digits = owner.checked.digits;
    const Known& found = known(digits);
    one.mode = Panel::Mode::edit;
    require_may_edit();
    require_nothing_queued(digits);
    require_no_draft(digits);
    if (knowledge_now(owner) != CAREPLUG_KNOWLEDGE_PLAN)
        throw Problem(CAREPLUG_REFUSED,
                      "The plan is not active or not known now, so nothing can be restored.");
    const PastState* past = owner.history ? owner.history->revision(revision) : nullptr;
    const bool current = owner.content && owner.content->revision_id == found.answer.plan->revision_id;
    if (!past || !past->answers || !current)
        throw Problem(CAREPLUG_REFUSED,
                      "This revision has not arrived: open the history and wait until it is shown.");
    one.data_set = found.answer.data_set;
    one.base_plan = found.answer.plan;
    one.base_care_plan = found.answer.care_plan;
    one.base = owner.content->answers;
    std::vector<std::string> stays;
    for (const plan::Field* field : one.data_set->fields())
        if (!field->sensitive.empty() || !plan::may_edit_field(identity_->actor, *field) ||
            (is_restricted_person(owner) && locates(*one.data_set, *field)))
            stays.push_back(field->link_id);
    plan::Restored made = plan::restore(*one.data_set, one.base, *past->answers, stays);
    const std::string which = "revision " + std::to_string(revision);
    if (made.taken.empty())
        throw Problem(CAREPLUG_REFUSED,
                      "Of what you may change, the plan says now what it said in " + which + ".");
    one.answers = std::move(made.answers);
    one.touched = {made.taken.begin(), made.taken.end()};
    one.restored = "Restored from " + which + " (" + past->header.author +
                   "). This is your draft: nothing is shared until it is published.";
    std::string kept;
    for (const auto& link_id : made.kept)
        if (const plan::Field* field = one.data_set->find(link_id); field && !field->hidden)
            kept += (kept.empty() ? "" : ", ") + field->label();
    if (!kept.empty()) one.restored += " Not restored, as they are now: " + kept + ".";
    one.action = "continue";
}

json Session::view_of_history(const OpenPatient& owner) {
    HistoryReader reader;
    reader.view = plugin_->facts().view;
    reader.restricted = is_restricted_person(owner);
    reader.may_restore =
        identity_ && plan::may_edit(identity_->actor) && knowledge_now(owner) == CAREPLUG_KNOWLEDGE_PLAN;
    if (const auto found = elsewhere_.find(owner.checked.digits); found != elsewhere_.end())
        if (changed_elsewhere(owner.checked.digits)) reader.accepted = found->second.accepted;
    if (identity_) reader.organisation = identity_->actor.organisation;
    return draw_history(*owner.history, reader);
}

}  // namespace careplug::engine
