// What somebody does in an open form: answers, reveals, decides and discards; each answer is on disk first.
#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/answer_edits.h"
#include "editing/restricted.h"
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

std::map<std::string, Session::Draft>& Session::drafts_of(Panel::Mode mode) {
    if (mode == Panel::Mode::note) return note_drafts_;
    return mode == Panel::Mode::state ? state_drafts_ : drafts_;
}

void Session::refuse_other_draft() {
    throw Problem(
        CAREPLUG_REFUSED,
        "You changed or sent this draft in another window meanwhile, so this window would overwrite "
        "it: copy what you typed here, close this form and open it again.");
}

void Session::require_own_draft(const Panel& one) {
    const auto kept = hub_.store().get(draft_place(one));
    if ((kept ? kept->at : 0) != one.draft_kept && control::on("H4.no-draft-overwritten"))
        refuse_other_draft();
}

void Session::keep_draft(Panel& one) {
    // A date and a reason are no draft of a plan: they are kept when they are submitted.
    if (one.mode == Panel::Mode::state) return;
    // Also the draft's version: two windows of one author never write in the same millisecond's name.
    const std::int64_t at = std::max(now_ms(), one.draft_kept + 1);
    one.not_saved = true;
    // Of a plan that must not be shown only what its author typed is kept (hazard H8).
    const std::string body =
        barred(patients_.at(one.patient)).empty() ? write_draft(one) : without_published(write_draft(one));
    if (control::on("H4.draft-on-disk-first") &&
        !hub_.store().put_over(draft_place(one), body, at, one.draft_kept))
        refuse_other_draft();
    one.not_saved = false;
    one.draft_kept = at;
    if (one.mode == Panel::Mode::edit) {
        take_copy(one);
        copy_soon(one.digits);
    }
    take_aside(one);
    drafts_of(one.mode)[patients_.at(one.patient).checked.digits] = {at, one.not_shared.sentence};
}

wire::Reply Session::panel_update(Panel& one, const std::string& items) {
    require_signed_in();
    if (one.emergency) return update_emergency(one, items);
    require_editable(one);
    if (one.undecided())
        throw Problem(CAREPLUG_REFUSED_CONFLICT,
                      "Someone else published meanwhile: decide first which version of each part stands.");
    plan::Answers changed = one.answers;
    const auto touched = apply_update(
        *one.data_set, one.mode == Panel::Mode::edit ? &identity_->actor : nullptr, items, one.base, changed);
    if (is_restricted_person(patients_.at(one.patient))) {
        for (const auto& link_id : touched)
            if (locates(*one.data_set, *one.data_set->find(link_id)))
                throw Problem(CAREPLUG_REFUSED,
                              "This person's record is restricted: where they live is not asked here.");
        keep_whereabouts(*one.data_set, one.answers, changed);
    }
    const plan::Answers before = std::exchange(one.answers, std::move(changed));
    const auto touched_before = one.touched;
    one.touched.insert(touched.begin(), touched.end());
    const bool first =
        one.mode == Panel::Mode::edit && own_draft(patients_.at(one.patient).checked.digits) == 0;
    try {
        keep_draft(one);
    } catch (...) {
        one.answers = before;
        one.touched = touched_before;
        throw;
    }
    one.issues.clear();
    if (first) {
        audit_if_possible(plan::audit_kind::edit, {patients_.at(one.patient).checked.digits}, {});
        publish_flags(false);
    }
    wire::Reply reply;
    reply.result = drawn(one);
    return reply;
}

wire::Reply Session::panel_resolve(Panel& one, const std::string& unit, std::int64_t keep) {
    require_signed_in();
    require_editable(one);
    if (keep != CAREPLUG_KEEP_MINE && keep != CAREPLUG_KEEP_THEIRS)
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "Keep mine or theirs: use one of the CAREPLUG_KEEP_ values.");
    const auto found =
        std::find_if(one.conflicts.begin(), one.conflicts.end(),
                     [&](const Conflict& conflict) { return conflict.unit.unit.id() == unit; });
    if (found == one.conflicts.end())
        throw Problem(CAREPLUG_REFUSED_ARGUMENT, "There is no conflict in \"" + unit + "\".");
    found->resolved = static_cast<std::int32_t>(keep);
    plan::take_unit(*one.data_set, one.answers, keep == CAREPLUG_KEEP_MINE ? one.mine : one.theirs,
                    found->unit.unit);
    // Until all is decided, the draft on disk is the one before the merge, with everything of mine.
    if (!one.undecided()) keep_draft(one);
    wire::Reply reply;
    reply.result = drawn(one);
    return reply;
}

wire::Reply Session::panel_reveal(Panel& one, const std::string& link_id) {
    require_signed_in();
    require_may_show(one);
    const plan::Field* field = one.data_set->field_of(link_id);
    const auto& views = field ? field->shown_in : std::vector<std::string>();
    const bool shown = field && (views.empty() ||
                                 std::find(views.begin(), views.end(), plugin_->facts().view) != views.end());
    if (!shown) throw Problem(CAREPLUG_REFUSED_ARGUMENT, "\"" + link_id + "\" is not shown in this view.");
    if (is_restricted_person(patients_.at(one.patient)) && locates(*one.data_set, *field))
        throw Problem(CAREPLUG_REFUSED, field->text + ": " + withheld_words + ".");
    audit(plan::audit_kind::reveal, {patients_.at(one.patient).checked.digits}, {"", "", field->link_id});
    one.revealed.insert(field->link_id);
    plan::Answers only;
    for (const plan::Item* row : one.answers.all(field->link_id)) only.items.push_back(*row);
    const json sections = plan::fhir::write_items(*one.data_set, only);
    json item{{"linkId", field->link_id}};
    for (const auto& section : sections)
        for (const auto& inner : section.value("item", json::array()))
            if (inner.value("linkId", std::string()) == field->link_id) item = inner;
    wire::Reply reply;
    reply.result = item.dump();
    return reply;
}

wire::Reply Session::panel_discard(Panel& one) {
    require_signed_in();
    require_editable(one);
    if (!hub_.store().put_instead_over({}, draft_place(one), draft_place(one), one.draft_kept))
        refuse_other_draft();
    copy_soon(one.digits);
    drafts_of(one.mode)[patients_.at(one.patient).checked.digits] = {};
    one.not_shared = {};
    one.answers = one.base;
    one.touched.clear();
    one.conflicts.clear();
    one.merged.clear();
    one.issues.clear();
    one.resumed = false;
    one.restored.clear();
    one.taken.clear();
    one.not_saved = false;
    one.draft_kept = 0;
    publish_flags(false);
    return {};
}

void Session::start_merge(Panel& one, const OpenPatient& owner) {
    const Known& found = known(owner.checked.digits);
    if (!owner.content || !found.answer.plan) return;
    const plan::Answers& theirs = owner.content->answers;
    bring_together(one, one.base, theirs);
    one.theirs_author = found.answer.plan->author;
    one.theirs_amended = found.answer.plan->amended;
    one.theirs_unpublished = false;
    one.base = theirs;
    one.base_plan = found.answer.plan;
    one.base_care_plan = found.answer.care_plan;
    // What stands there now is theirs, all of it or a row, and hidden as theirs.
    for (const plan::Field* field : one.data_set->fields())
        if (!field->sensitive.empty() && (plan::same(one.answers, theirs, field->link_id) ||
                                          !plan::same(one.answers, one.mine, field->link_id))) {
            one.touched.erase(field->link_id);
            one.revealed.erase(field->link_id);
        }
    if (!one.undecided()) keep_draft(one);
}

// Two drafts of one author: unit by unit, and what both changed the author decides.
void Session::merge_own_draft(Panel& one, const plan::Answers& base, const plan::Answers& other,
                              const std::string& which, const std::string& kept) {
    bring_together(one, base, other);
    one.theirs_author = which;
    one.theirs_amended = kept;
    one.theirs_unpublished = true;
    for (const plan::Field* field : one.data_set->fields())
        if (!plan::same(one.base, one.answers, field->link_id)) one.touched.insert(field->link_id);
    if (!one.undecided()) keep_draft(one);
}

}  // namespace careplug::engine
