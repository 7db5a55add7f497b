#include "editing/answer_edits.h"

#include <careplug/plan/fhir.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/sealer.h"
#include "system/problem.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& sentence) {
    throw Problem(CAREPLUG_REFUSED_ARGUMENT, sentence);
}

bool fits(const plan::Field& field, const plan::Value& value) {
    using plan::ItemType;
    switch (field.type) {
        case ItemType::string:
        case ItemType::text:
            return std::holds_alternative<std::string>(value);
        case ItemType::choice:
            return std::holds_alternative<plan::Coding>(value);
        case ItemType::open_choice:
            return std::holds_alternative<plan::Coding>(value) || std::holds_alternative<std::string>(value);
        case ItemType::boolean:
            return std::holds_alternative<bool>(value);
        case ItemType::date:
            return std::holds_alternative<plan::Date>(value);
        case ItemType::date_time:
            return std::holds_alternative<plan::DateTime>(value);
        case ItemType::integer:
            return std::holds_alternative<std::int64_t>(value);
        case ItemType::group:
        case ItemType::display:
            return false;
    }
    return false;
}

void check_item(const plan::Field& field, const plan::Item& item) {
    if (!field.repeats && item.answers.size() > 1) refuse("\"" + field.text + "\" takes one answer.");
    for (const auto& value : item.answers)
        if (!fits(field, value))
            refuse("The answer to \"" + field.text + "\" is not of the type of the question.");
    for (const auto& child : item.items) {
        if (child.link_id == plan::row_link_id(field.link_id)) continue;
        const auto found = std::find_if(field.items.begin(), field.items.end(),
                                        [&](const plan::Field& one) { return one.link_id == child.link_id; });
        if (found == field.items.end())
            refuse("\"" + child.link_id + "\" is not a question of \"" + field.text + "\".");
        check_item(*found, child);
    }
}

// Every row that is kept gets the id that it had, or a new one.
void name_rows(const plan::Answers& answers, const plan::Answers& base, std::vector<plan::Item>& rows) {
    if (rows.empty()) return;
    std::vector<const plan::Item*> known = answers.all(rows.front().link_id);
    const auto has = [](const auto& list, const std::string& id) {
        return std::any_of(list.begin(), list.end(),
                           [&](const plan::Item* row) { return plan::row_id(*row) == id; });
    };
    // A row that was removed comes back as itself where its id is given.
    for (const plan::Item* row : base.all(rows.front().link_id))
        if (const std::string id = plan::row_id(*row); !has(known, id))
            if (std::any_of(rows.begin(), rows.end(),
                            [&](const auto& one) { return plan::row_id(one) == id; }))
                known.push_back(row);
    plan::match_rows(known, rows);
    for (plan::Item& row : rows)
        if (plan::row_id(row).empty()) plan::set_row_id(row, random_uuid());
}

// A contact is one row of its group, and its panel asks the row's questions one by one.
void gather_row(const plan::DataSet& data_set, const plan::Answers& answers, plan::Answers& given) {
    std::vector<plan::Item> gathered;
    for (auto& item : given.items) {
        const plan::Field* group = data_set.field_of(item.link_id);
        if (!group || group->link_id == item.link_id) {
            gathered.push_back(std::move(item));
            continue;
        }
        auto row = std::find_if(gathered.begin(), gathered.end(),
                                [&](const plan::Item& one) { return one.link_id == group->link_id; });
        if (row == gathered.end()) {
            const auto rows = answers.all(group->link_id);
            gathered.push_back(rows.empty() ? plan::Item{group->link_id, {}, {}} : *rows.front());
            row = std::prev(gathered.end());
        }
        std::erase_if(row->items, [&](const plan::Item& child) { return child.link_id == item.link_id; });
        if (plan::answered(item)) row->items.push_back(std::move(item));
    }
    given.items = std::move(gathered);
}

}  // namespace

std::set<std::string> apply_update(const plan::DataSet& data_set, const plan::Actor* actor,
                                   const std::string& update, const plan::Answers& base,
                                   plan::Answers& answers) {
    plan::Answers given;
    json document;
    try {
        document = plan::fhir::parse(update);
        given = plan::fhir::read_answers(data_set, document);
    } catch (const std::invalid_argument& mistake) {
        refuse(std::string("The update cannot be used: ") + mistake.what());
    }
    if (!document.contains("item")) refuse("The update has no \"item\": give {\"item\": [...]}.");
    if (!actor) gather_row(data_set, answers, given);
    const auto fields = data_set.fields();
    std::set<std::string> touched;
    for (const auto& item : given.items) {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const plan::Field* one) { return one->link_id == item.link_id; });
        if (found == fields.end()) refuse("\"" + item.link_id + "\" is not a question of this form.");
        const plan::Field& field = **found;
        if (field.hidden || field.read_only) refuse("\"" + field.text + "\" cannot be edited here.");
        if (actor && !plan::may_edit_field(*actor, field) && !plan::may_propose_field(*actor, field)) {
            std::string who;
            for (const auto& role : field.may_edit) who += (who.empty() ? "" : ", ") + plan::role_words(role);
            throw Problem(CAREPLUG_REFUSED_ROLE,
                          "Your role may not edit \"" + field.text + "\". These may: " + who + ".");
        }
        check_item(field, item);
        touched.insert(field.link_id);
    }
    for (const auto& link_id : touched) {
        const plan::Field& field = *data_set.find(link_id);
        std::vector<plan::Item> rows;
        for (const auto& item : given.items)
            if (item.link_id == link_id && plan::answered(item)) rows.push_back(item);
        if (rows.size() > 1 && !(field.repeats && field.type == plan::ItemType::group))
            refuse("\"" + field.text + "\" is given more than once.");
        if (field.has_row_id) name_rows(answers, base, rows);
        if (rows.empty())
            answers.clear(link_id);
        else
            answers.replace(link_id, std::move(rows));
    }
    return touched;
}

void drop_disabled(const plan::DataSet& data_set, plan::Answers& answers, const std::string& today) {
    answers = plan::without_disabled(data_set, answers, today);
}

}  // namespace careplug::engine
