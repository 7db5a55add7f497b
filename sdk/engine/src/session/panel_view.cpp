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
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

bool shown_in(const std::vector<std::string>& views, const std::string& view) {
    return views.empty() || std::find(views.begin(), views.end(), view) != views.end();
}

// Every row's answers, for hosts that draw tables.
json row_texts(const plan::DataSet& data_set, const plan::Answers& answers, const plan::Field& field) {
    json rows = json::array();
    for (const plan::Item* row : answers.all(field.link_id)) {
        plan::Answers only;
        only.items.push_back(*row);
        json cells = json::array();
        for (const auto& child : field.items)
            if (!child.hidden && only.has(child.link_id))
                cells.push_back(plan::display(data_set, only, child.link_id));
        rows.push_back(std::move(cells));
    }
    return rows;
}

json read_item(const Drawing& drawing, const plan::Field& field) {
    const bool masked = is_masked(drawing.panel, field) && drawing.panel.answers.has(field.link_id);
    json item{{"linkId", field.link_id},
              {"label", field.text},
              {"masked", masked},
              {"safety_critical", field.safety_critical},
              {"text", masked ? "recorded (hidden)"
                              : plan::display(drawing.data_set, drawing.panel.answers, field.link_id)}};
    if (!masked && field.type == plan::ItemType::group && field.repeats)
        item["rows"] = row_texts(drawing.data_set, drawing.panel.answers, field);
    return item;
}

std::string header_text(const plan::Plan& header, const std::string& link_id) {
    if (link_id == "meta.review") return header.review;
    if (link_id == "meta.approver") return header.approver;
    if (link_id == "meta.author") return header.author;
    if (link_id == "meta.created") return header.created;
    if (link_id == "meta.amended") return header.amended;
    if (link_id == "meta.revision" || link_id == "meta.version") return std::to_string(header.revision);
    return {};
}

void draw_plan(const Drawing& drawing, const std::string& view, const Content* content, json& out) {
    const plan::DataSet& data_set = drawing.data_set;
    out["summary"] = json::array();
    out["sections"] = json::array();
    std::vector<std::string> first;
    const auto chosen = data_set.summaries.find(view);
    if (chosen != data_set.summaries.end()) first = chosen->second;
    for (const auto& link_id : first) {
        const plan::Field* field = data_set.find(link_id);
        if (field && data_set.field_of(link_id) == field) {
            // A question that was not asked of this person has nothing to say, unless it was answered.
            const plan::RuleContext context{data_set, drawing.panel.answers, drawing.today, nullptr};
            if (!drawing.panel.answers.has(link_id) && !plan::enabled(*field, context)) continue;
            out["summary"].push_back(read_item(drawing, *field));
            out["summary"].back()["label"] = field->label();
        } else if (link_id == "evt.note" && content && !content->notes.empty()) {
            const Note& last = content->notes.front();
            out["summary"].push_back({{"linkId", link_id},
                                      {"label", "Latest urgent care contact"},
                                      {"masked", false},
                                      {"text", last.text + " (" + last.author + ", " + last.when + ")"}});
        } else if (drawing.panel.base_plan) {
            for (const auto& header : data_set.header_fields)
                if (header.link_id == link_id && !header_text(*drawing.panel.base_plan, link_id).empty())
                    out["summary"].push_back({{"linkId", link_id},
                                              {"label", header.text},
                                              {"masked", false},
                                              {"text", header_text(*drawing.panel.base_plan, link_id)}});
        }
    }
    for (const auto& section : data_set.sections) {
        json items = json::array();
        for (const auto& field : section.fields) {
            if (field.hidden || !shown_in(field.shown_in, view) || !drawing.panel.answers.has(field.link_id))
                continue;
            if (std::find(first.begin(), first.end(), field.link_id) != first.end()) continue;
            items.push_back(read_item(drawing, field));
        }
        if (!items.empty())
            out["sections"].push_back(
                {{"linkId", section.link_id}, {"title", section.title}, {"items", items}});
    }
}

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
    json out{{"title", one.title},
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
             {"plan", one.loading                                          ? "loading"
                      : one.base_plan                                      ? "arrived"
                      : found.answer.plan && one.mode == Panel::Mode::read ? "withheld"
                                                                           : "none"},
             {"items", json::array()}};
    json warnings = json::array();
    const std::string bar = barred(owner);
    if (!bar.empty()) warnings.push_back(bar);
    if (bar.empty() && name_differs(owner))
        warnings.push_back(
            "The name in this record differs from the plan's: check that this is the same person.");
    if (shown.record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && bar.empty())
        warnings.push_back("Not known now (" + reason_words(shown.record.reason) + ")." +
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
    if (!one.not_shared.sentence.empty())
        warnings.push_back("Your earlier change was not accepted. " + one.not_shared.sentence);
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
    for (const auto& flag : shown.flags)
        out["flags"].push_back(
            {{"id", flag.id}, {"slot", flag.slot}, {"short", flag.short_words}, {"long", flag.long_words}});
    // Its state may be changed by who may not read it.
    if (!bar.empty() && one.mode != Panel::Mode::state) return out;
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
                           found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    if (other_plan || overtaken ||
        (now && one.base_plan && now->id == one.base_plan->id && now->revision > one.base_plan->revision))
        out["newer"] = {{"revision", now->revision}, {"amended", now->amended}, {"author", now->author}};
    if (one.draft_kept != 0) out["draft"] = {{"kept", iso_time(one.draft_kept)}, {"resumed", one.resumed}};
    if (identity_) {
        const bool editing = one.mode == Panel::Mode::edit;
        const bool approver = plan::may_approve(identity_->actor);
        out["may"] = {{"submit", editing && plan::may_edit(identity_->actor) && one.action != "approve" &&
                                     (one.base_plan || !approver)},
                      {"publish", editing && plan::may_approve(identity_->actor)},
                      {"note", one.mode == Panel::Mode::note && plan::may_note(identity_->actor)}};
        if (one.mode == Panel::Mode::state) out["intent"] = one.action;
        if (editing && !plan::may_approve(identity_->actor)) out["who_may_publish"] = plan::who_may_approve();
    }
    const Drawing drawing{one, *one.data_set,
                          one.mode == Panel::Mode::edit && identity_ ? &identity_->actor : nullptr, today()};
    if (one.mode == Panel::Mode::read && !one.loading) {
        if (one.base_plan)
            draw_plan(drawing, plugin_->facts().view, owner.content ? &*owner.content : nullptr, out);
    }
    if (one.mode != Panel::Mode::read && !one.loading) {
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
    draw_changes(one, today(), out);
    if (!one.loading) draw_merge(one, out);
    draw_submissions(one, owner, out);
    if (owner.content)
        for (const auto& note : owner.content->notes)
            out["notes"].push_back({{"when", note.when},
                                    {"author", note.author},
                                    {"text", note.text},
                                    {"outcome", note.outcome},
                                    {"review_asked", note.review_asked}});
    return out;
}

}  // namespace careplug::engine
