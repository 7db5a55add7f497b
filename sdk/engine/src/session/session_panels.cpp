#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/form.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/restricted.h"
#include "editing/state_form.h"
#include "session/session.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// Half a form would publish half a plan.
void require_whole_form(const plan::DataSet& data_set) {
    if (const std::string why = plan::refusal(data_set); !why.empty()) throw Problem(CAREPLUG_REFUSED, why);
}

}  // namespace

Panel& Session::panel(std::uint64_t id) {
    require_not_resuming(id);
    const auto found = panels_.find(id);
    if (found == panels_.end())
        throw Problem(CAREPLUG_REFUSED_HANDLE, "This panel was closed: open it again.");
    answered_patient_ = found->second.patient;
    return found->second;
}

Place Session::draft_place(const Panel& one) const {
    const OpenPatient& owner = patients_.at(one.patient);
    return {Drawer::draft, author_, owner.checked.digits, draft_name(one.mode)};
}

wire::Reply Session::panel_open(std::uint64_t id, const std::string& action) {
    require_signed_in();
    wire::Reply reply;
    reply.created = open_panel(next_id(), patient(id), action, false).id;
    return reply;
}

Panel& Session::open_panel(std::uint64_t id, OpenPatient& owner, const std::string& asked, bool again) {
    refuse_identity(owner);
    std::string action = asked == came_back_action ? bring_back(owner) : asked;
    if (action == earlier_draft_action) action = take_earlier_draft(owner);
    // The record may say something else of CPR than when it was read.
    if (action == "read" && owner.record && owner.record_request == 0) ask_record(owner);
    const auto& actor = identity_->actor;
    const Known& found = known(owner.checked.digits);
    if (action != "read") {
        // Another session of this author may have begun or sent something.
        look_at_store(owner.checked.digits);
        look_at_outbox();
    }
    const std::int32_t knowledge = knowledge_now(owner);
    const std::int64_t draft = own_draft(owner.checked.digits);
    if (!owner.no_relationship.empty() && action != "read" && action != emergency_action &&
        control::on("H9.relationship-to-edit"))
        throw Problem(CAREPLUG_REFUSED_ROLE, owner.no_relationship);
    Panel one;
    one.id = id;
    one.patient = owner.id;
    one.digits = owner.checked.digits;
    one.action = action;
    one.data_set = found.answer.data_set ? found.answer.data_set : &hub_.catalogue().main();
    if (action == "read") {
        one.mode = Panel::Mode::read;
        if (knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN)
            throw Problem(CAREPLUG_REFUSED, "No plan was found on this service, so there is none to read.");
    } else if (action == "note") {
        one.mode = Panel::Mode::note;
        one.data_set = &hub_.catalogue().contact();
        if (!plan::may_note(actor))
            throw Problem(CAREPLUG_REFUSED_ROLE, "Your role may not add an urgent care contact.");
        if (!found.answer.plan)
            throw Problem(CAREPLUG_REFUSED, "There is no plan to add an urgent care contact to.");
    } else if (action == "create" || action == "edit" || action == "continue") {
        one.mode = Panel::Mode::edit;
        require_may_edit();
        require_nothing_queued(owner.checked.digits);
        if (action != "continue") require_no_draft(owner.checked.digits);
        if (action == "create" && plan::is_person(actor))
            throw Problem(CAREPLUG_REFUSED_ROLE,
                          "A first plan is made with your care team. " + plan::who_may_approve());
        if (action == "continue" && draft == 0)
            throw Problem(CAREPLUG_REFUSED, "There is no unfinished draft of yours.");
        const bool not_known = knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN;
        if (action == "create" && not_known && !again)
            throw Problem(CAREPLUG_REFUSED_UNREACHABLE, "It is not known whether there is a plan (" +
                                                            shown_flags(owner.key).why +
                                                            "), so none can be created now.");
        if (action == "create") one.data_set = &hub_.catalogue().main();
        if (action == "create" && !not_known && knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN &&
            !may_create_beside(owner, knowledge))
            throw Problem(CAREPLUG_REFUSED, "There is a plan already: read or edit it.");
        if (action == "edit" && not_known && !again)
            throw Problem(CAREPLUG_REFUSED_UNREACHABLE, "The plan as it stands is not known now (" +
                                                            shown_flags(owner.key).why +
                                                            "): what was last known can be read.");
        if (action == "edit" && !not_known && knowledge != CAREPLUG_KNOWLEDGE_PLAN)
            throw Problem(CAREPLUG_REFUSED, "There is no active plan to edit.");
    } else if (action == "history") {
        open_history(one, owner);
    } else if (action == looks_action) {
        open_looks(one, owner);
    } else if (action == "accept") {
        open_acceptance(one, owner);
    } else if (const std::uint32_t revision = restored_revision(action); revision != 0) {
        open_restored(one, owner, revision);
    } else if (action.starts_with(take_prefix)) {
        open_taken(one, owner, action.substr(std::string_view(take_prefix).size()));
    } else if (action.starts_with(decline_prefix)) {
        open_decision(one, owner, decline_form(), action.substr(std::string_view(decline_prefix).size()));
    } else if (action.starts_with(take_back_prefix)) {
        open_decision(one, owner, take_back_form(), action.substr(std::string_view(take_back_prefix).size()));
    } else if (action == emergency_action) {
        open_emergency(one, owner);
    } else if (const StateForm* form = state_form(action)) {
        open_state(one, owner, *form);
    } else if (action == "approve" || action == "revise" || action == "take-over") {
        open_submission(one, owner);
    } else if (action == "resume") {
        open_elsewhere(one, owner);
    } else if (action == came_back_action) {
        open_came_back(one, owner);
    } else {
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "The action \"" + action + "\" is not known: use one that careplug_actions gave.");
    }
    if (action == "continue") {
        const auto kept = hub_.store().get({Drawer::draft, author_, owner.checked.digits, "plan"});
        const json body = json::parse(kept.value().body);
        const plan::DataSet* data_set = hub_.catalogue().find(body.at("data_set").get<std::string>());
        if (!data_set)
            throw Problem(
                CAREPLUG_REFUSED,
                "The draft was made with a form that this computer no longer has: tell the administrator.");
        one.data_set = data_set;
        read_draft(kept->body, *data_set, one);
        one.resumed = true;
        one.draft_kept = kept->at;
    }
    if (one.mode == Panel::Mode::edit || one.mode == Panel::Mode::note) require_whole_form(*one.data_set);
    one.loading = one.loading || action == "edit" ||
                  (action == "read" &&
                   (knowledge == CAREPLUG_KNOWLEDGE_PLAN || knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN)) ||
                  (again && action == "create" && knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    // A history says so of itself; who asks who looked has not looked at the plan.
    if (one.mode != Panel::Mode::state && !one.shows_history() && !one.shows_looks())
        audit_if_possible(plan::audit_kind::read, {owner.checked.digits}, {"", "", action});
    Panel& opened = panels_[one.id] = std::move(one);
    try {
        if (!opened.restored.empty() && !opened.resumed) {
            keep_draft(opened);
            opened.resumed = true;
            publish_flags(false);
        }
        if (opened.loading)
            fill_panel(opened, owner);
        else if (opened.mode == Panel::Mode::note) {
            opened.base_plan = found.answer.plan;
            if (const auto kept = hub_.store().get({Drawer::draft, author_, owner.checked.digits, "note"})) {
                read_draft(kept->body, *opened.data_set, opened);
                opened.base_plan = found.answer.plan;
                opened.resumed = true;
                opened.draft_kept = kept->at;
            }
            apply_policy(opened, owner, false);
        } else {
            apply_policy(opened, owner,
                         action == "continue" || action == "resume" || action == came_back_action);
        }
        if (opened.loading) apply_policy(opened, owner, false);
        if (action == "continue" && owner.content && opened.base_plan &&
            opened.base_plan->revision_id != owner.content->revision_id)
            start_merge(opened, owner);
    } catch (...) {
        panels_.erase(id);
        throw;
    }
    return opened;
}

void Session::fill_panel(Panel& one, OpenPatient& owner) {
    if (one.shows_history()) {
        fill_history(one, owner);
        return;
    }
    if (one.emergency || one.shows_looks()) return;
    const Known& found = known(owner.checked.digits);
    if (!found.answer.plan) {
        // The answer came, and there is nothing to load. The record may have come before it.
        if (!found.current || found.answer.knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN) return;
        one.loading = false;
        apply_policy(one, owner, false);
        return;
    }
    // An engine that took over knows at first what was last known: nobody's edit begins with that.
    if (one.mode == Panel::Mode::edit && knowledge_now(owner) == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
        control::on("H2.last-known-not-edited"))
        return;
    if (!owner.content || owner.content->revision_id != found.answer.plan->revision_id) return;
    if (!barred(owner).empty()) return;
    one.data_set = found.answer.data_set;
    one.base_plan = found.answer.plan;
    one.base_care_plan = found.answer.care_plan;
    one.base = owner.content->answers;
    one.answers = one.base;
    if (!lay_submission(one, owner) || !lay_draft(one, owner)) return;
    one.loading = false;
    apply_policy(one, owner, true);
}

void Session::take_record(Panel& one, OpenPatient& owner) {
    if (one.mode != Panel::Mode::edit || one.loading || one.resumed || one.operation != 0) return;
    apply_policy(one, owner, one.base_plan.has_value());
}

std::string Session::barred(const OpenPatient& owner) {
    if (!control::on("H8.taken-off-the-screen")) return {};
    try {
        refuse_identity(owner);
    } catch (const Problem& problem) {
        return problem.sentence;
    }
    const Known& found = known(owner.checked.digits);
    if (!found.current && found.reason == CAREPLUG_REASON_NOT_PERMITTED)
        return "Your role may not see plans.";
    if (!found.answer.plan) return {};
    if (!owner.no_relationship.empty()) return owner.no_relationship;
    if (identity_ && plan::is_person(identity_->actor)) return closed_to_person(found);
    if (found.answer.knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED)
        return "A plan exists; consent to share it was withdrawn. The CPR decision is not known here: look "
               "for "
               "the paper form, ask the GP.";
    if (found.answer.knowledge == CAREPLUG_KNOWLEDGE_REMOVED)
        return "The plan was entered in error and removed: do not act on it.";
    return {};
}

std::string Session::barred(const Panel& one) {
    const OpenPatient& owner = patients_.at(one.patient);
    if (!emergency_open(one)) return barred(owner);
    try {
        refuse_identity(owner);
    } catch (const Problem& problem) {
        return problem.sentence;
    }
    return {};
}

void Session::require_may_show(const Panel& one) {
    const std::string why = barred(one);
    if (!why.empty()) throw Problem(CAREPLUG_REFUSED, why);
}

// What this reader may see: in a form all that may be edited, otherwise what the view shows.
plan::Answers Session::shown_answers(const Panel& one) {
    plan::Answers shown = unmasked(one);
    if (is_restricted_person(patients_.at(one.patient)))
        shown = without_whereabouts(*one.data_set, std::move(shown));
    if (one.mode != Panel::Mode::read) return shown;
    const std::string& view = plugin_->facts().view;
    for (const plan::Field* field : one.data_set->fields())
        if (!field->shown_in.empty() &&
            std::find(field->shown_in.begin(), field->shown_in.end(), view) == field->shown_in.end())
            shown.clear(field->link_id);
    return shown;
}

void Session::require_editable(const Panel& one) const {
    if (one.mode == Panel::Mode::read || one.shows_history() || one.shows_looks())
        throw Problem(CAREPLUG_REFUSED,
                      "This panel shows the plan and cannot be edited: open it with \"edit\".");
    if (one.loading) throw Problem(CAREPLUG_REFUSED, "The plan is still loading: wait until it is shown.");
    if (one.operation != 0) throw Problem(CAREPLUG_REFUSED, "The change is being sent: wait for its result.");
    require_whole_form(*one.data_set);
}

}  // namespace careplug::engine
