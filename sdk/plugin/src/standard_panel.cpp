#include <careplug/controls/controls.h>
#include <careplug/plan/prefill.h>
#include <careplug/plugin/standard.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::plugin {

namespace {

using plan::DataSet;
using plan::Field;

// "off": kept out of forms until its wording is settled; answers that exist are still read.
bool asked(const Field& field) {
    return !field.hidden && field.entry != "off" && field.unsupported.empty();
}

bool shown(const Field& field, const std::string& view) {
    return !field.hidden &&
           (field.shown_in.empty() || !control::on("H12.hidden-in-reading") ||
            std::find(field.shown_in.begin(), field.shown_in.end(), view) != field.shown_in.end());
}

void place_form(const DataSet& data_set, Panel& panel) {
    std::vector<const Field*> quick;
    std::vector<std::string> strip;
    for (const Field* field : data_set.fields()) {
        if (!asked(*field)) continue;
        if (field->core && field->entry == "confirm")
            strip.push_back(field->link_id);
        else if (field->core)
            quick.push_back(field);
        else
            panel.more.push_back(field->link_id);
    }
    std::stable_sort(quick.begin(), quick.end(),
                     [](const Field* a, const Field* b) { return a->entry_order < b->entry_order; });
    for (const Field* field : quick) panel.core.push_back(field->link_id);
    panel.core.insert(panel.core.end(), strip.begin(), strip.end());
}

void place_reading(const DataSet& data_set, const std::string& view, Panel& panel) {
    if (const auto first = data_set.summaries.find(view); first != data_set.summaries.end())
        for (const std::string& link_id : first->second)
            if (const Field* field = data_set.find(link_id); field != nullptr && shown(*field, view))
                panel.core.push_back(link_id);
    for (const Field* field : data_set.fields())
        if (shown(*field, view) &&
            std::find(panel.core.begin(), panel.core.end(), field->link_id) == panel.core.end())
            panel.more.push_back(field->link_id);
}

plan::Answers prefilled(const Session& session, const PanelRequest& request, const Now& now) {
    static const nlohmann::json no_record = {{"resourceType", "Bundle"}, {"type", "collection"}};
    return plan::prefill(*request.data_set, request.record != nullptr ? *request.record : no_record,
                         session.actor, now.date_time());
}

// A note is written in one row of the contacts' group: its questions are the group's.
void place_note(const DataSet& contacts, Panel& panel) {
    for (const Field* field : contacts.fields()) {
        if (!asked(*field)) continue;
        if (field->type != plan::ItemType::group) panel.core.push_back(field->link_id);
        for (const Field& item : field->items)
            if (asked(item)) panel.core.push_back(item.link_id);
    }
}

}  // namespace

std::size_t quick_entry_questions(const DataSet& data_set) {
    const auto fields = data_set.fields();
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [](const Field* field) {
        return asked(*field) && field->core && field->entry != "confirm" && field->enable_when.empty();
    }));
}

Panel standard_panel(const Session& session, const PanelRequest& request, const Now& now) {
    Panel panel;
    panel.data_set = request.data_set;
    if (request.action == "read") {
        panel.title = request.data_set->title;
        panel.mode = "read";
        panel.mode_words = "Read only";
        panel.initial = request.published.value_or(plan::Answers{});
        if (request.draft && !control::on("H7.reading-published")) panel.initial = *request.draft;
        place_reading(*request.data_set, session.view, panel);
        return panel;
    }
    if (request.action == "note") {
        panel.title = "Add contact note";
        panel.mode = "note";
        panel.mode_words = "Added to the plan's contacts; the plan itself does not change";
        panel.initial = request.draft ? *request.draft : prefilled(session, request, now);
        place_note(*request.data_set, panel);
        return panel;
    }
    if (!session.may_edit) throw Refusal(CAREPLUG_REFUSED_ROLE, "This role may not edit plans.");
    panel.mode = "edit";
    panel.mode_words =
        "Quick entry: " + std::to_string(quick_entry_questions(*request.data_set)) + " questions";
    place_form(*request.data_set, panel);
    // What somebody typed or published comes before what a record suggests (hazard H4).
    const bool answered = request.draft || request.published;
    if (answered)
        panel.initial =
            request.draft && control::on("H4.draft-before-published") ? *request.draft : *request.published;
    if (request.action == "create") {
        panel.title = "Create urgent care plan";
        if (!answered || !control::on("H5.published-before-record"))
            panel.initial = prefilled(session, request, now);
    } else if (request.action == "edit") {
        panel.title = "Edit urgent care plan";
    } else if (request.action == "continue") {
        panel.title = "Continue urgent care plan";
        if (!request.draft) throw Refusal("There is no draft to continue.");
    } else {
        throw Refusal(CAREPLUG_REFUSED_ARGUMENT,
                      "This action is not known: create, edit, continue, read and note are.");
    }
    return panel;
}

}  // namespace careplug::plugin
