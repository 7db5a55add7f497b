#include <careplug/plan/nhs_number.h>
#include <careplug/plan/prefill.h>
#include <careplug/plan/role.h>

#include <algorithm>

#include "dates.h"
#include "json_reading.h"
#include "record_reading.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

std::optional<Value> default_answer(const Field& field, const std::string& now) {
    const std::string& wanted = field.default_value;
    const std::string today = now.substr(0, 10);
    for (const Option& option : field.options)
        if (option.coding.code == wanted) return option.coding;
    std::string day;
    if (wanted == "today") day = today;
    if (wanted == "now" && field.type == ItemType::date_time) return DateTime{now};
    if (wanted.starts_with("P")) day = plus_duration(today, wanted);
    if (field.type == ItemType::date && !day.empty()) return Date{day};
    if (field.type == ItemType::boolean && (wanted == "true" || wanted == "false")) return wanted == "true";
    return std::nullopt;
}

// A code of the record carries the form's own words for it, as it does when a person chooses it.
void name_codes(const Field& field, Item& item) {
    for (Value& value : item.answers)
        if (auto* coding = std::get_if<Coding>(&value); coding != nullptr && coding->display.empty())
            for (const Option& option : field.options)
                if (option.coding.code == coding->code && option.coding.system == coding->system)
                    coding->display = option.coding.display;
}

// Who is signed in, as the answer of a group with name, role and organisation.
std::optional<Item> signed_in_user(const Field& field, const Actor& actor) {
    Item row{field.link_id, {}, {}};
    const auto add = [&](const char* name, const std::string& text) {
        for (const Field& question : field.items)
            if (question.link_id == field.link_id + name && !text.empty())
                row.items.push_back({question.link_id, {Value(text)}, {}});
    };
    add(".name", actor.name);
    add(".role", role_words(actor.role));
    add(".organisation", actor.organisation_name);
    if (row.items.empty()) return std::nullopt;
    return row;
}

void add_defaults(const DataSet& data_set, const Actor& actor, const std::string& now, Answers& answers) {
    for (const Field* field : data_set.fields()) {
        // A default counts as an answer of the one who is signed in, so it takes their rights.
        if (field->default_value.empty() || answers.has(field->link_id) || !may_edit_field(actor, *field))
            continue;
        if (field->default_value == "signed-in-user") {
            if (may_approve(actor))
                if (auto row = signed_in_user(*field, actor)) answers.items.push_back(std::move(*row));
        } else if (auto value = default_answer(*field, now)) {
            answers.set(field->link_id, std::move(*value));
        }
    }
}

// A group that does not repeat (a contact form) may have defaults within.
void add_inner_defaults(const DataSet& data_set, const std::string& now, Answers& answers) {
    for (const Field* field : data_set.fields()) {
        if (field->type != ItemType::group || answers.has(field->link_id)) continue;
        if (field->repeats && !field->append_only) continue;
        Item row{field->link_id, {}, {}};
        for (const Field& question : field->items)
            if (auto value = default_answer(question, now); value && !question.default_value.empty())
                row.items.push_back({question.link_id, {std::move(*value)}, {}});
        if (!row.items.empty()) answers.items.push_back(std::move(row));
    }
}

}  // namespace

Answers prefill(const DataSet& data_set, const nlohmann::json& record_bundle, const Actor& actor,
                const std::string& now) {
    Answers answers;
    for (Item& item : answers_in_record(record_bundle)) {
        const Field* field = data_set.find(item.link_id);
        const bool is_field = field != nullptr && data_set.field_of(item.link_id) == field;
        if (!is_field || !field->prefill) continue;
        name_codes(*field, item);
        answers.items.push_back(std::move(item));
    }
    add_defaults(data_set, actor, now, answers);
    add_inner_defaults(data_set, now, answers);
    return answers;
}

}  // namespace careplug::plan
