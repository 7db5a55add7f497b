// Document `panel-view` of docs/abi-documents.md.
#include <careplug/plan/flags.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/change_view.h"
#include "editing/form_text.h"
#include "editing/merge_view.h"
#include "editing/restricted.h"
#include "editing/state_form.h"
#include "session/reading_view.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

// By which intent this panel is asked what is missing.
std::int32_t intent_of(const Panel& panel) {
    if (panel.mode == Panel::Mode::note) return CAREPLUG_INTENT_NOTE;
    const StateForm* form = panel.mode == Panel::Mode::state ? state_form(panel.action) : nullptr;
    return form != nullptr ? form->intent : CAREPLUG_INTENT_PUBLISH;
}

}  // namespace

json Session::view(Panel& one) {
    OpenPatient& owner = patients_.at(one.patient);
    const Known& found = known(owner.checked.digits);
    const ShownFlags shown = shown_flags(owner.key);
    one.last_drawn.until = one.emergency ? 0 : shown.deadline;
    one.restricted = is_restricted_person(owner);
    json out{
        {"title", one.title},
        {"mode", mode_name(one.mode)},
        {"mode_words", one.mode_words},
        {"subject",
         {{"family", owner.family},
          {"given", owner.given},
          {"birth_date", owner.checked.birth_date},
          {"nhs_number", owner.checked.digits}}},
        {"record", owner.record           ? "arrived"
                   : owner.record_refused ? "refused"
                                          : "awaited"},
        {"plan", one.loading                                                                   ? "loading"
                 : one.base_plan                                                               ? "arrived"
                 : found.answer.plan && (one.mode == Panel::Mode::read || one.shows_history()) ? "withheld"
                                                                                               : "none"},
        {"items", json::array()}};
    json warnings = json::array();
    const std::string bar = barred(one);
    if (one.emergency)
        if (const std::string words = emergency_words(one); !words.empty()) warnings.push_back(words);
    if (!bar.empty()) warnings.push_back(bar);
    if (bar.empty())
        for (const auto& warning : identity_warnings(owner)) warnings.push_back(warning);
    if (shown.record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && bar.empty() && !one.shows_looks())
        warnings.push_back("Not known now (" + shown.why + ")." +
                           (shown.record.checked != 0 ? " What is shown was last confirmed at " +
                                                            clock_words(shown.record.checked) + "."
                                                      : " Do not assume there is no plan."));
    if (shown.record.knowledge == CAREPLUG_KNOWLEDGE_CLOSED)
        warnings.push_back("The plan was closed: it no longer applies.");
    if (shown.record.knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN && one.base_plan)
        warnings.push_back(
            "The care plan exchange no longer finds this plan: ask the GP before acting on it.");
    if (one.loading && !owner.load_problem.empty())
        warnings.push_back("The plan cannot be shown yet: " + owner.load_problem);
    for (const auto& flag : shown.flags)
        if (flag.id == "cpr-conflict" && bar.empty()) warnings.push_back(flag.long_words);
    if (!one.not_shared.sentence.empty())
        warnings.push_back("Your earlier change was not accepted. " + one.not_shared.sentence +
                           " Publish it again, or discard it.");
    if (queued(owner.checked.digits))
        warnings.push_back("Your change is NOT shared yet: it waits to be sent.");
    if (one.mode == Panel::Mode::read && !one.data_set->unsupported.empty() && bar.empty())
        warnings.push_back("Part of this plan may be shown without what changes its meaning: " +
                           one.data_set->unsupported.front() + ". Ask who wrote it before acting on it.");
    if (one.plain && bar.empty())
        warnings.push_back(
            "This is the plan's own form: the part of the care plan service that fits it to this system does "
            "not "
            "answer now.");
    if (one.not_saved) warnings.push_back("Your last answer could not be saved on this computer.");
    if (!warnings.empty()) out["warnings"] = warnings;
    draw_filing(one, owner, out);
    for (const auto& flag : shown.flags)
        out["flags"].push_back(
            {{"id", flag.id}, {"slot", flag.slot}, {"short", flag.short_words}, {"long", flag.long_words}});
    if (one.shows_looks()) {
        if (!one.loading && owner.looks && found.person.state == Person::State::clear)
            out["looked_at"] = *owner.looks;
        return out;
    }
    // Its state may be changed by who may not read it.
    if (!bar.empty() && one.mode != Panel::Mode::state) {
        draw_states_elsewhere(one, owner, out);
        return out;
    }
    if (shown.record.checked != 0) out["checked"] = iso_time(shown.record.checked);
    if (one.base_plan) {
        out["revision"] = one.base_plan->revision;
        out["amended"] = one.base_plan->amended;
        out["author"] = one.base_plan->author;
        out["approver"] = one.base_plan->approver;
    }
    const auto& now = found.answer.plan;
    const bool other_plan = now && one.base_plan && now->id != one.base_plan->id &&
                            found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    const bool overtaken = now && !one.base_plan && one.mode == Panel::Mode::edit &&
                           !only_of_other_kinds(found.answer, hub_.catalogue()) &&
                           found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    if (other_plan || overtaken ||
        (now && one.base_plan && now->id == one.base_plan->id && now->revision > one.base_plan->revision))
        out["newer"] = {{"revision", now->revision}, {"amended", now->amended}, {"author", now->author}};
    if (one.emergency && one.emergency->until != 0 && !one.emergency->ended)
        out["emergency"] = {{"until", iso_time(one.emergency->until_clock)},
                            {"reason", one.emergency->reason}};
    if (one.draft_kept != 0) out["draft"] = {{"kept", iso_time(one.draft_kept)}, {"resumed", one.resumed}};
    if (identity_) {
        const bool editing = one.mode == Panel::Mode::edit;
        const bool approver = plan::may_approve(identity_->actor);
        out["may"] = {{"submit", editing && plan::may_edit(identity_->actor) && one.action != "approve" &&
                                     one.action != "take-over" && (one.base_plan || !approver)},
                      {"publish", editing && (approver || plan::may_edit_own(identity_->actor))},
                      {"note", one.mode == Panel::Mode::note && plan::may_note(identity_->actor)}};
        if (plan::is_person(identity_->actor)) out["may"]["own"] = true;
        if (one.mode == Panel::Mode::state && !one.emergency)
            out["intent"] = one.proposal.empty() ? one.action : state_form_of(intent_of(one))->action;
        if (editing && !approver && plan::may_edit(identity_->actor))
            out["who_may_publish"] = plan::who_may_approve();
    }
    const Panel without = one.restricted ? without_whereabouts(one) : Panel();
    const Drawing drawing{one.restricted ? without : one, *one.data_set,
                          one.mode == Panel::Mode::edit && identity_ ? &identity_->actor : nullptr, today()};
    if (one.mode == Panel::Mode::read && !one.loading) {
        if (one.base_plan)
            draw_plan(drawing, plugin_->facts().view, owner.content ? &*owner.content : nullptr, out);
    }
    const bool form = one.mode != Panel::Mode::read && one.mode != Panel::Mode::history;
    if (form && !one.loading) {
        out.erase("items");  // the form's questions: panel_text writes them
        if (identity_)
            for (const auto& issue : issues_of(one, intent_of(one))) {
                const plan::Field* field = one.data_set->find(issue.link_id);
                if (issue.code == "required")
                    out["missing"].push_back({{"linkId", issue.link_id},
                                              {"row", issue.row},
                                              {"text", field ? field->text : issue.words}});
                else
                    out["issues"].push_back({{"severity", severity_name(issue.severity)},
                                             {"linkId", issue.link_id},
                                             {"row", issue.row},
                                             {"text", issue.words}});
            }
    }
    draw_changes(drawing.panel, today(), out);
    if (one.shows_history() && !one.loading && owner.history) {
        out["history"] = view_of_history(owner);
        if (!owner.history->states.empty()) {
            const plan::Plan& newest = owner.history->states.back().header;
            one.drawn.revision = newest.revision;
            one.drawn.version = plan::fhir::counted_version(newest.etag);
        }
        if (one.action == "accept" && changed_elsewhere(owner.checked.digits)) out["intent"] = "submit";
    }
    if (!one.restored.empty()) out["restored"] = one.restored;
    if (!one.loading) draw_merge(one, out);
    draw_submissions(one, owner, out);
    draw_proposals(one, owner, out);
    draw_notes(one, owner, out);
    return out;
}

void Session::draw_notes(Panel& one, const OpenPatient& owner, json& out) {
    if (!owner.content) return;
    std::set<std::string> unseen;
    for (const auto& note : unaccepted(owner.checked.digits).notes) unseen.insert(note.id);
    for (const auto& note : owner.content->notes) {
        json drawn{{"when", note.when},
                   {"author", note.author},
                   {"text", note.text},
                   {"outcome", note.outcome},
                   {"review_asked", note.review_asked}};
        if (unseen.contains(note.id)) {
            drawn["new"] = true;
            one.drawn.notes.insert(note.id);
        }
        out["notes"].push_back(std::move(drawn));
    }
}

std::string Session::drawn(Panel& one) {
    std::string text = panel_text(view(one), one, identity_ ? &identity_->actor : nullptr, today());
    one.last_drawn.text = text;
    one.last_drawn.turn = mutex_.turn();
    return text;
}

// A host that asks again while nothing happened in this session, not even its clock's tick, is given the
// same.
std::string Session::drawn_again(Panel& one) {
    Panel::Drawn& last = one.last_drawn;
    if (last.turn == 0 || last.turn + 1 != mutex_.turn() || boot_ms() >= last.until) return drawn(one);
    last.turn = mutex_.turn();
    return last.text;
}

}  // namespace careplug::engine
