#include "session/reading_view.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::engine {
namespace {

using nlohmann::json;

bool shown_in(const std::vector<std::string>& views, const std::string& view) {
    return views.empty() || std::find(views.begin(), views.end(), view) != views.end();
}

bool left_out(const std::string& view, const plan::Field& field) {
    return view == "patient" && plan::may_be_withheld(field) && control::on("H17.left-out-not-empty");
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
    if (!field.patient_edit.empty()) item["patient_edit"] = field.patient_edit;
    if (drawing.withheld(field)) {
        item["withheld"] = true;
        item["text"] = withheld_words;
        return item;
    }
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

}  // namespace

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
            if (!drawing.panel.answers.has(link_id) && left_out(view, *field)) {
                out["not_shown"] = plan::left_out_words;
                continue;
            }
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
            if (field.hidden || !shown_in(field.shown_in, view)) continue;
            if (!drawing.panel.answers.has(field.link_id) && left_out(view, field))
                out["not_shown"] = plan::left_out_words;
            if (!drawing.panel.answers.has(field.link_id) && !drawing.withheld(field)) continue;
            if (std::find(first.begin(), first.end(), field.link_id) != first.end()) continue;
            items.push_back(read_item(drawing, field));
        }
        if (!items.empty())
            out["sections"].push_back(
                {{"linkId", section.link_id}, {"title", section.title}, {"items", items}});
    }
}

}  // namespace careplug::engine
