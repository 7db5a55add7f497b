#include "editing/form_text.h"

#include <careplug/plan/flags.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "system/json_text.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

const char* type_name(plan::ItemType type) {
    static constexpr const char* names[] = {"string", "text",     "choice",  "open-choice", "boolean",
                                            "date",   "dateTime", "integer", "group",       "display"};
    return names[static_cast<std::size_t>(type)];
}

// The answers of the plan as FHIR writes them, by question: one item for each row.
class WrittenAnswers {
public:
    WrittenAnswers(const plan::DataSet& data_set, const plan::Answers& answers)
        : items_(plan::fhir::write_items(data_set, answers)) {
        for (const json& top : items_) {
            add(top);
            if (top.contains("item"))
                for (const json& inner : top["item"]) add(inner);
        }
    }
    // Of a field: the answer, or the nth row.
    const json* find(const std::string& link_id, std::size_t row = 0) const {
        const auto [first, last] = found_.equal_range(link_id);
        if (static_cast<std::size_t>(std::distance(first, last)) <= row) return nullptr;
        return std::next(first, static_cast<std::ptrdiff_t>(row))->second;
    }

private:
    void add(const json& item) { found_.emplace(item.value("linkId", std::string()), &item); }

    json items_;
    std::multimap<std::string, const json*> found_;
};

// The item of this question within a row or a group.
const json* inner_of(const json* group, const std::string& link_id) {
    if (group == nullptr || !group->contains("item")) return nullptr;
    for (const json& inner : (*group)["item"])
        if (inner["linkId"] == link_id) return &inner;
    return nullptr;
}

struct Form {
    const Drawing& drawing;
    WrittenAnswers written;
    JsonText& out;

    void flag(const char* name, bool value) { out.member(name).truth(value); }
    void words(const char* name, std::string_view value) { out.member(name).words(value); }

    void message(const std::string& link_id, bool of_rows) {
        for (const auto& issue : drawing.panel.issues) {
            if (issue.link_id != link_id || (!of_rows && !issue.row.empty())) continue;
            out.member("message").open('{');
            words("severity", severity_name(issue.severity));
            words("text", issue.words);
            out.close('}');
            return;
        }
    }

    void choices(const plan::Field& field, const plan::RuleContext& context) {
        bool any = false;
        for (const auto& option : field.options) {
            if (!option.enable_when.empty() && !plan::holds(option.enable_when, context)) continue;
            if (!any) out.member("choices").open('[');
            any = true;
            out.open('{');
            words("system", option.coding.system);
            words("code", option.coding.code);
            words("display", option.coding.display);
            out.close('}');
        }
        if (any) out.close(']');
    }

    // `answers` is FHIR's item of this question, or null; `row` the row that the question stands in.
    void question(const plan::Field& field, const json* answers, const plan::Item* row, bool read_only) {
        const plan::RuleContext context{drawing.data_set, drawing.panel.answers, drawing.today, row};
        words("linkId", field.link_id);
        words("label", field.text);
        words("type", type_name(field.type));
        flag("enabled", plan::enabled(field, context));
        flag("required", plan::required(field, context) && !drawing.withheld(field));
        flag("read_only", read_only);
        flag("repeats", field.repeats);
        choices(field, context);
        if (field.minimum) out.member("min").number(*field.minimum);
        if (field.maximum) out.member("max").number(*field.maximum);
        if (field.step) out.member("step").number(*field.step);
        if (field.partial_date) flag("partial_date", true);
        if (!field.exclusive.empty()) {
            out.member("exclusive").open('[');
            for (const auto& code : field.exclusive) out.words(code);
            out.close(']');
        }
        if (field.is_phone) words("kind", "phone");
        if (field.is_address) words("kind", "address");
        if (field.is_identifier) words("kind", "identifier");
        if (answers != nullptr && answers->contains("answer"))
            out.member("answer").written((*answers)["answer"].dump());
    }

    void children(const plan::Field& group, const json* answers, const plan::Item* row) {
        out.member("items").open('[');
        for (const auto& child : group.items) {
            if (child.hidden || drawing.withheld(child)) continue;
            out.open('{');
            const json* given = inner_of(answers, child.link_id);
            question(child, given, row, child.read_only);
            // A new row takes the next number: the order to call.
            if (!row && group.repeats && child.default_value == "next") {
                out.member("answer").open('[');
                out.open('{');
                out.member("valueInteger").number(std::ssize(drawing.panel.answers.all(group.link_id)) + 1);
                out.close('}');
                out.close(']');
            }
            out.close('}');
        }
        out.close(']');
    }

    void rows(const plan::Field& field, const std::vector<const plan::Item*>& given) {
        out.member("rows").open('[');
        for (std::size_t n = 0; n < given.size(); ++n) {
            out.open('{');
            words("row", plan::row_id(*given[n]));
            children(field, written.find(field.link_id, n), given[n]);
            out.close('}');
        }
        out.close(']');
    }

    void item(const plan::Field& field, bool core, int order) {
        const Panel& panel = drawing.panel;
        const bool touched = panel.touched.contains(field.link_id);
        const bool masked = panel.mode == Panel::Mode::edit && is_masked(panel, field) &&
                            panel.base.has(field.link_id) && !touched;
        const bool group = field.type == plan::ItemType::group;
        auto given = masked ? std::vector<const plan::Item*>() : panel.answers.all(field.link_id);
        std::erase_if(given, [](const plan::Item* row) { return !plan::answered(*row); });
        const bool withheld = drawing.withheld(field);
        if (withheld) given.clear();
        const json* first = given.empty() ? nullptr : written.find(field.link_id);
        out.open('{');
        question(field, group ? nullptr : first, nullptr,
                 field.read_only || withheld || (drawing.actor && !drawing.may_answer(field)));
        if (drawing.actor && plan::may_propose_field(*drawing.actor, field)) flag("proposal", true);
        if (const plan::Section* section = drawing.data_set.section_of(field.link_id)) {
            words("section", section->link_id);
            words("section_title", section->title);
        }
        words("entry", field.entry);
        flag("masked", masked);
        flag("safety_critical", field.safety_critical);
        words("merge_unit", field.merge_unit);
        flag("prefilled", panel.prefilled.contains(field.link_id) && !touched);
        if (withheld) {
            flag("withheld", true);
            words("text", withheld_words);
        } else {
            words("text", masked ? "recorded (hidden)"
                                 : plan::display(drawing.data_set, panel.answers, field.link_id));
        }
        if (withheld) {
            // Nothing below it either.
        } else if (group && field.repeats) {
            children(field, nullptr, nullptr);
            rows(field, given);
        } else if (group) {
            children(field, first, given.empty() ? nullptr : given.front());
        }
        if (!withheld) message(field.link_id, false);
        flag("core", core);
        out.member("order").number(order);
        out.close('}');
    }

    void whole() {
        const auto& core = drawing.panel.core;
        int order = 0;
        for (const auto& link_id : core) {
            const plan::Field* field = drawing.data_set.find(link_id);
            if (field && !field->hidden && drawing.asks(*field) &&
                drawing.data_set.field_of(link_id) == field)
                item(*field, true, ++order);
        }
        for (const plan::Field* field : drawing.data_set.fields())
            if (!field->hidden && drawing.asks(*field) &&
                std::find(core.begin(), core.end(), field->link_id) == core.end())
                item(*field, false, ++order);
    }

    // The questions of a contact: those of the one row of its group.
    void note() {
        int order = 0;
        for (const auto& link_id : drawing.panel.core) {
            const plan::Field* field = drawing.data_set.find(link_id);
            const plan::Field* group = drawing.data_set.field_of(link_id);
            if (!field || !group || field->hidden) continue;
            const auto given = drawing.panel.answers.all(group->link_id);
            const plan::Item* row = given.empty() ? nullptr : given.front();
            const json* outer = row ? written.find(group->link_id) : nullptr;
            out.open('{');
            question(*field, inner_of(outer, link_id), row, field->read_only);
            flag("core", true);
            out.member("order").number(++order);
            words("text", plan::display(drawing.data_set, drawing.panel.answers, link_id));
            message(link_id, true);
            out.close('}');
        }
    }
};

}  // namespace

const char* severity_name(plan::Severity severity) {
    static constexpr const char* names[] = {"information", "warning", "error"};
    return names[static_cast<std::size_t>(severity)];
}

std::string panel_text(const json& view, const Panel& panel, const plan::Actor* reader,
                       const std::string& today) {
    std::string text = view.dump();
    if (view.contains("items")) return text;
    const Panel without = panel.restricted ? without_whereabouts(panel) : Panel();
    const Panel& drawn = panel.restricted ? without : panel;
    const Drawing drawing{drawn, *panel.data_set, panel.mode == Panel::Mode::edit ? reader : nullptr, today};
    JsonText items;
    items.open('[');
    Form form{drawing, {drawing.data_set, drawn.answers}, items};
    if (panel.mode == Panel::Mode::note)
        form.note();
    else
        form.whole();
    items.close(']');
    text.back() = ',';
    text.reserve(text.size() + items.str().size() + 16);
    text += "\"items\":";
    text += items.str();
    text += '}';
    return text;
}

}  // namespace careplug::engine
