// Document `panel-view` of docs/abi-documents.md.
#include <careplug/plan/flags.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/merge_view.h"
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

const char* type_name(plan::ItemType type) {
    static constexpr const char* names[] = {"string", "text",     "choice",  "open-choice", "boolean",
                                            "date",   "dateTime", "integer", "group",       "display"};
    return names[static_cast<std::size_t>(type)];
}

const char* severity_name(plan::Severity severity) {
    static constexpr const char* names[] = {"information", "warning", "error"};
    return names[static_cast<std::size_t>(severity)];
}

bool shown_in(const std::vector<std::string>& views, const std::string& view) {
    return views.empty() || std::find(views.begin(), views.end(), view) != views.end();
}

// One item of the wire, found again below its section.
json wire_item(const plan::DataSet& data_set, const plan::Item& item) {
    plan::Answers only;
    only.items.push_back(item);
    for (const auto& section : plan::fhir::write_items(data_set, only)) {
        if (section.value("linkId", std::string()) == item.link_id) return section;
        for (const auto& inner : section.value("item", json::array()))
            if (inner.value("linkId", std::string()) == item.link_id) return inner;
    }
    return json::object();
}

struct Drawing {
    const Panel& panel;
    const plan::DataSet& data_set;
    const plan::Actor* actor;
    std::string today;
};

// `answers` is FHIR's item of this question, or empty; `row` the row that the question stands in.
json question(const Drawing& drawing, const plan::Field& field, const json& answers, const plan::Item* row) {
    const plan::RuleContext context{drawing.data_set, drawing.panel.answers, drawing.today, row};
    json item{{"linkId", field.link_id},
              {"label", field.text},
              {"type", type_name(field.type)},
              {"enabled", plan::enabled(field, context)},
              {"required", plan::required(field, context)},
              {"read_only", field.read_only},
              {"repeats", field.repeats}};
    for (const auto& option : field.options)
        if (option.enable_when.empty() || plan::holds(option.enable_when, context))
            item["choices"].push_back({{"system", option.coding.system},
                                       {"code", option.coding.code},
                                       {"display", option.coding.display}});
    if (field.minimum) item["min"] = *field.minimum;
    if (field.maximum) item["max"] = *field.maximum;
    if (field.step) item["step"] = *field.step;
    if (field.partial_date) item["partial_date"] = true;
    if (!field.exclusive.empty()) item["exclusive"] = field.exclusive;
    if (field.is_phone) item["kind"] = "phone";
    if (field.is_address) item["kind"] = "address";
    if (field.is_identifier) item["kind"] = "identifier";
    if (!field.unsupported.empty()) item["message"] = {{"severity", "error"}, {"text", field.unsupported}};
    if (answers.contains("answer")) item["answer"] = answers["answer"];
    return item;
}

json children(const Drawing& drawing, const plan::Field& group, const json& answers, const plan::Item* row) {
    json items = json::array();
    for (const auto& child : group.items) {
        if (child.hidden) continue;
        json found = json::object();
        for (const auto& inner : answers.value("item", json::array()))
            if (inner.value("linkId", std::string()) == child.link_id) found = inner;
        // A new row takes the next number: the order to call.
        if (!row && group.repeats && child.default_value == "next")
            found["answer"] = {{{"valueInteger", drawing.panel.answers.all(group.link_id).size() + 1}}};
        items.push_back(question(drawing, child, found, row));
    }
    return items;
}

json form_item(const Drawing& drawing, const plan::Field& field) {
    const Panel& panel = drawing.panel;
    const bool masked = panel.mode == Panel::Mode::edit && is_masked(panel, field) &&
                        panel.base.has(field.link_id) && !panel.touched.contains(field.link_id);
    const auto rows = panel.answers.all(field.link_id);
    const json first = masked || rows.empty() ? json::object() : wire_item(drawing.data_set, *rows.front());
    json item =
        question(drawing, field, field.type == plan::ItemType::group ? json::object() : first, nullptr);
    if (const plan::Section* section = drawing.data_set.section_of(field.link_id)) {
        item["section"] = section->link_id;
        item["section_title"] = section->title;
    }
    item["entry"] = field.entry;
    item["masked"] = masked;
    item["safety_critical"] = field.safety_critical;
    item["merge_unit"] = field.merge_unit;
    item["prefilled"] = panel.prefilled.contains(field.link_id) && !panel.touched.contains(field.link_id);
    if (drawing.actor && !plan::may_edit_field(*drawing.actor, field)) item["read_only"] = true;
    item["text"] =
        masked ? "recorded (hidden)" : plan::display(drawing.data_set, panel.answers, field.link_id);
    if (field.type == plan::ItemType::group) {
        if (field.repeats) {
            item["items"] = children(drawing, field, json::object(), nullptr);
            item["rows"] = json::array();
            if (!masked)
                for (const plan::Item* row : rows)
                    item["rows"].push_back(
                        {{"row", plan::row_id(*row)},
                         {"items", children(drawing, field, wire_item(drawing.data_set, *row), row)}});
        } else {
            item["items"] = children(drawing, field, first, rows.empty() ? nullptr : rows.front());
        }
    }
    for (const auto& issue : panel.issues)
        if (issue.link_id == field.link_id && issue.row.empty() && !item.contains("message"))
            item["message"] = {{"severity", severity_name(issue.severity)}, {"text", issue.words}};
    return item;
}

// The questions of a contact: those of the one row of its group.
json note_items(const Drawing& drawing) {
    json items = json::array();
    const plan::Answers& answers = drawing.panel.answers;
    for (const auto& link_id : drawing.panel.core) {
        const plan::Field* field = drawing.data_set.find(link_id);
        const plan::Field* group = drawing.data_set.field_of(link_id);
        if (!field || !group || field->hidden) continue;
        const auto rows = answers.all(group->link_id);
        const plan::Item* row = rows.empty() ? nullptr : rows.front();
        json given = json::object();
        if (row)
            for (const auto& inner : wire_item(drawing.data_set, *row).value("item", json::array()))
                if (inner.value("linkId", std::string()) == link_id) given = inner;
        json item = question(drawing, *field, given, row);
        item["core"] = true;
        item["order"] = items.size() + 1;
        item["text"] = plan::display(drawing.data_set, answers, link_id);
        for (const auto& issue : drawing.panel.issues)
            if (issue.link_id == link_id && !item.contains("message"))
                item["message"] = {{"severity", severity_name(issue.severity)}, {"text", issue.words}};
        items.push_back(std::move(item));
    }
    return items;
}

json form_items(const Drawing& drawing) {
    json items = json::array();
    std::vector<std::string> drawn;
    int order = 0;
    for (const auto& link_id : drawing.panel.core) {
        const plan::Field* field = drawing.data_set.find(link_id);
        if (!field || field->hidden || drawing.data_set.field_of(link_id) != field) continue;
        json item = form_item(drawing, *field);
        item["core"] = true;
        item["order"] = ++order;
        items.push_back(std::move(item));
        drawn.push_back(link_id);
    }
    for (const plan::Field* field : drawing.data_set.fields()) {
        if (field->hidden || std::find(drawn.begin(), drawn.end(), field->link_id) != drawn.end()) continue;
        json item = form_item(drawing, *field);
        item["core"] = false;
        item["order"] = ++order;
        items.push_back(std::move(item));
    }
    return items;
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
    const std::string bar = barred(one);
    if (one.emergency)
        if (const std::string words = emergency_words(one); !words.empty()) warnings.push_back(words);
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
    for (const auto& flag : shown.flags)
        if (flag.id == "cpr-conflict" && bar.empty()) warnings.push_back(flag.long_words);
    if (!one.not_shared.sentence.empty())
        warnings.push_back("Your earlier change was not accepted. " + one.not_shared.sentence);
    if (queued(owner.checked.digits))
        warnings.push_back("Your change is NOT shared yet: it waits to be sent.");
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
                                     (one.base_plan || !approver)},
                      {"publish", editing && plan::may_approve(identity_->actor)},
                      {"note", one.mode == Panel::Mode::note && plan::may_note(identity_->actor)}};
        if (one.mode == Panel::Mode::state && !one.emergency) out["intent"] = one.action;
        if (editing && !plan::may_approve(identity_->actor)) out["who_may_publish"] = plan::who_may_approve();
    }
    const Drawing drawing{one, *one.data_set,
                          one.mode == Panel::Mode::edit && identity_ ? &identity_->actor : nullptr, today()};
    if (one.mode == Panel::Mode::read && !one.loading) {
        if (one.base_plan)
            draw_plan(drawing, plugin_->facts().view, owner.content ? &*owner.content : nullptr, out);
    }
    if (one.mode != Panel::Mode::read && !one.loading) {
        out["items"] = one.mode == Panel::Mode::note ? note_items(drawing) : form_items(drawing);
        if (identity_)
            for (const auto& issue : issues_of(one, intent_of(one))) {
                const plan::Field* field = one.data_set->find(issue.link_id);
                if (issue.code == "required")
                    out["missing"].push_back(
                        {{"linkId", issue.link_id}, {"text", field ? field->text : issue.words}});
                else
                    out["issues"].push_back({{"severity", severity_name(issue.severity)},
                                             {"linkId", issue.link_id},
                                             {"row", issue.row},
                                             {"text", issue.words}});
            }
    }
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
