#include "editing/merge_view.h"

#include <careplug/host.h>
#include <careplug/plan/flags.h>

#include <nlohmann/json.hpp>

#include "editing/restricted.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

std::string shown_text(const Panel& panel, const plan::Answers& answers, const std::string& link_id) {
    const plan::Field* field = panel.data_set->field_of(link_id);
    if (field && is_masked(panel, *field) && answers.has(link_id)) return "recorded (hidden)";
    const plan::Field* question = panel.data_set->find(link_id);
    if (panel.restricted && question && locates(*panel.data_set, *question)) return withheld_words;
    if (panel.restricted)
        return plan::display(*panel.data_set, without_whereabouts(*panel.data_set, answers), link_id);
    return plan::display(*panel.data_set, answers, link_id);
}

constexpr const char* removed_words = "Removed";

// The first field of a unit: the group of a row.
const plan::Field* group_of(const plan::DataSet& data_set, const plan::Unit& unit) {
    for (const plan::Field* field : data_set.fields())
        if (field->merge_unit == unit.name) return field;
    return nullptr;
}

// What one side says in a unit: the questions that differ, or every answer of a row.
json unit_fields(const Panel& panel, const plan::Answers& answers, const plan::UnitConflict& conflict) {
    const plan::DataSet& data_set = *panel.data_set;
    const plan::Answers side = plan::only(data_set, answers, conflict.unit);
    std::vector<std::string> fields = conflict.fields;
    if (!conflict.unit.row.empty()) {
        const plan::Field& group = *group_of(data_set, conflict.unit);
        fields.clear();
        for (const auto& question : group.items)
            if (!question.hidden && side.has(question.link_id)) fields.push_back(question.link_id);
        if (!side.has(group.link_id))
            return {{{"linkId", group.link_id}, {"label", group.text}, {"text", removed_words}}};
    }
    json out = json::array();
    for (const auto& link_id : fields) {
        const plan::Field* field = data_set.find(link_id);
        out.push_back({{"linkId", link_id},
                       {"label", field ? field->text : link_id},
                       {"text", shown_text(panel, side, link_id)}});
    }
    return out;
}

std::string unit_label(const plan::DataSet& data_set, const plan::Unit& unit) {
    const plan::Field* field = group_of(data_set, unit);
    return field ? field->text : unit.name;
}

std::string unit_text(const Panel& panel, const plan::Unit& unit) {
    const plan::Answers side = plan::only(*panel.data_set, panel.answers, unit);
    std::string text;
    for (const plan::Field* field : panel.data_set->fields())
        if (side.has(field->link_id))
            text += (text.empty() ? "" : "; ") + shown_text(panel, side, field->link_id);
    return text.empty() ? removed_words : text;
}

}  // namespace

void draw_merge(const Panel& panel, json& out) {
    const plan::DataSet& data_set = *panel.data_set;
    for (const auto& conflict : panel.conflicts) {
        const plan::Unit& unit = conflict.unit.unit;
        json one{{"unit", unit.id()},
                 {"label", unit_label(data_set, unit)},
                 {"theirs_author", panel.theirs_author},
                 {"theirs_amended", panel.theirs_amended},
                 {"mine", unit_fields(panel, panel.mine, conflict.unit)},
                 {"theirs", unit_fields(panel, panel.theirs, conflict.unit)}};
        // Whoever decides it may be another than its author.
        if (panel.submission && panel.submission->sent_back_by.empty())
            one["mine_author"] = panel.submission->author;
        if (panel.theirs_unpublished) one["theirs_unpublished"] = true;
        if (!unit.row.empty()) one["row"] = unit.row;
        if (conflict.resolved != 0)
            one["resolved"] = conflict.resolved == CAREPLUG_KEEP_MINE ? "mine" : "theirs";
        out["conflicts"].push_back(std::move(one));
    }
    for (const auto& unit : panel.merged)
        out["merged"].push_back({{"unit", unit.id()},
                                 {"label", unit_label(data_set, unit)},
                                 {"author", panel.theirs_author},
                                 {"text", unit_text(panel, unit)}});
}

}  // namespace careplug::engine
