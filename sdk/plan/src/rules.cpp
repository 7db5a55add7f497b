#include <careplug/controls/controls.h>
#include <careplug/plan/rules.h>
#include <algorithm>

#include "dates.h"
#include "pattern.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

const Item* item_in(const std::vector<Item>& items, std::string_view link_id) {
    for (const Item& item : items) {
        if (item.link_id == link_id) return &item;
        if (const Item* found = item_in(item.items, link_id)) return found;
    }
    return nullptr;
}

// An item within a repeating group looks at its own row; everything else at the whole plan.
std::vector<const Value*> asked(const Condition& condition, const RuleContext& context) {
    if (context.row != nullptr) {
        const Field* field = context.data_set.field_of(condition.question);
        if (field != nullptr && field->link_id == context.row->link_id &&
            field->link_id != condition.question) {
            std::vector<const Value*> values;
            if (const Item* item = item_in(context.row->items, condition.question))
                for (const Value& value : item->answers) values.push_back(&value);
            return values;
        }
    }
    return context.answers.values(condition.question);
}

bool equals(const Value& value, const std::string& answer, const RuleContext& context) {
    if (const auto* coding = std::get_if<Coding>(&value))
        return meaning(context.data_set, coding->code) == meaning(context.data_set, answer);
    if (const auto* text = std::get_if<std::string>(&value)) return *text == answer;
    if (const auto* yes = std::get_if<bool>(&value)) return (*yes ? "true" : "false") == answer;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number) == answer;
    if (const auto* date = std::get_if<Date>(&value)) return date->text == answer;
    return std::get<DateTime>(value).text == answer;
}

bool compare_dates(const std::string& date, const std::string& op, const std::string& other) {
    // A partial date is before another only when all of it is: an expiry of "2026-11" has passed in December.
    if (first_day(date).empty() || first_day(other).empty()) return false;
    if (op == "<") return last_day(date) < first_day(other);
    if (op == ">") return first_day(date) > last_day(other);
    if (op == "<=") return last_day(date) <= last_day(other);
    return first_day(date) >= first_day(other);
}

bool compare_numbers(std::int64_t number, const std::string& op, const std::string& answer) {
    std::int64_t other = 0;
    try {
        std::size_t used = 0;
        other = std::stoll(answer, &used);
        if (used != answer.size()) return false;
    } catch (const std::exception&) {
        return false;
    }
    if (op == "<") return number < other;
    if (op == ">") return number > other;
    if (op == "<=") return number <= other;
    return number >= other;
}

bool compare(const Value& value, const std::string& op, const std::string& answer,
             const RuleContext& context) {
    const std::string& other = answer == "$today" ? context.today : answer;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return compare_numbers(*number, op, other);
    if (const auto* date = std::get_if<Date>(&value)) return compare_dates(date->text, op, other);
    if (const auto* time = std::get_if<DateTime>(&value)) return compare_dates(time->text, op, other);
    return false;
}

template <typename Test>
bool any_pair(const std::vector<const Value*>& values, const std::vector<std::string>& answers, Test test) {
    return std::any_of(values.begin(), values.end(), [&](const Value* value) {
        return std::any_of(answers.begin(), answers.end(),
                           [&](const std::string& answer) { return test(*value, answer); });
    });
}

bool age_holds(const Condition& condition, const RuleContext& context) {
    std::string birth_date;
    if (const Value* value = context.answers.first(well_known::birth_date))
        if (const auto* date = std::get_if<Date>(value)) birth_date = date->text;
    const auto years = age(birth_date, context.today);
    if (condition.op == "exists")
        return years.has_value() == (condition.answers.empty() || condition.answers.front() != "false");
    if (!years || condition.answers.empty()) return false;
    if (condition.op == "=") return std::to_string(*years) == condition.answers.front();
    if (condition.op == "!=") return std::to_string(*years) != condition.answers.front();
    return compare_numbers(*years, condition.op, condition.answers.front());
}

}  // namespace

bool holds(const Condition& condition, const RuleContext& context) {
    if (condition.question == "$age") return age_holds(condition, context);
    if (condition.op == "exists") {
        const bool wanted = condition.answers.empty() || condition.answers.front() != "false";
        if (context.row == nullptr) return context.answers.has(condition.question) == wanted;
        const bool found = !asked(condition, context).empty() ||
                           (context.data_set.field_of(condition.question) != nullptr &&
                            context.data_set.field_of(condition.question)->link_id != context.row->link_id &&
                            context.answers.has(condition.question));
        return found == wanted;
    }
    const auto values = asked(condition, context);
    const auto equal = [&](const Value& value, const std::string& answer) {
        return equals(value, answer == "$today" ? context.today : answer, context);
    };
    if (condition.op == "=" || condition.op == "in") return any_pair(values, condition.answers, equal);
    if (condition.op == "not-in") return !any_pair(values, condition.answers, equal);
    // As FHIR has it: an answer must be there that is not this one.
    if (condition.op == "!=")
        return any_pair(values, condition.answers,
                        [&](const Value& value, const std::string& answer) { return !equal(value, answer); });
    if (condition.op == "matches")
        return any_pair(values, condition.answers, [](const Value& value, const std::string& pattern) {
            const auto* text = std::get_if<std::string>(&value);
            return text != nullptr && matches(*text, pattern);
        });
    if (condition.op == "<" || condition.op == ">" || condition.op == "<=" || condition.op == ">=")
        return any_pair(values, condition.answers, [&](const Value& value, const std::string& answer) {
            return compare(value, condition.op, answer, context);
        });
    return false;
}

bool holds(const Rule& rule, const RuleContext& context) {
    const auto line = [&](const Condition& condition) { return holds(condition, context); };
    if (rule.empty()) return true;
    return rule.any ? std::any_of(rule.conditions.begin(), rule.conditions.end(), line)
                    : std::all_of(rule.conditions.begin(), rule.conditions.end(), line);
}

bool enabled(const Field& field, const RuleContext& context) {
    return holds(field.enable_when, context);
}

bool required(const Field& field, const RuleContext& context) {
    if (!enabled(field, context)) return false;
    return field.required || (!field.required_when.empty() && holds(field.required_when, context));
}

std::string meaning(const DataSet& data_set, const std::string& code) {
    const auto found = data_set.legacy_codes.find(code);
    return found == data_set.legacy_codes.end() || !control::on("H3.legacy-codes") ? code : found->second;
}

bool permits_publishing(const DataSet& data_set, const Field& field, const std::string& code) {
    const auto& codes = field.publish_codes;
    return codes.empty() || std::find(codes.begin(), codes.end(), meaning(data_set, code)) != codes.end();
}

std::optional<int> age(const std::string& birth_date, const std::string& today) {
    const auto born = parse_date(birth_date);
    const auto now = parse_date(today);
    if (!born || !now || born->partial() || now->partial()) return std::nullopt;
    const bool before_birthday =
        now->month < born->month || (now->month == born->month && now->day < born->day);
    const int years = now->year - born->year - (before_birthday ? 1 : 0);
    if (years < 0) return std::nullopt;
    return years;
}

namespace {

bool keep_enabled(const DataSet& data_set, const Answers& answers, const std::string& today, Answers& kept) {
    bool changed = false;
    for (const Item& item : answers.items) {
        const Field* field = data_set.find(item.link_id);
        if (field != nullptr && !enabled(*field, RuleContext{data_set, answers, today, nullptr})) {
            changed = true;
            continue;
        }
        Item row = item;
        if (field != nullptr && field->type == ItemType::group) {
            const auto removed = std::remove_if(row.items.begin(), row.items.end(), [&](const Item& child) {
                const Field* question = data_set.find(child.link_id);
                return question != nullptr &&
                       !enabled(*question, RuleContext{data_set, answers, today, &item});
            });
            changed = changed || removed != row.items.end();
            row.items.erase(removed, row.items.end());
        }
        kept.items.push_back(std::move(row));
    }
    return changed;
}

}  // namespace

Answers without_disabled(const DataSet& data_set, const Answers& answers, const std::string& today) {
    Answers current = answers;
    // One answer taken away may disable another question; each round takes at least one away.
    for (;;) {
        Answers kept;
        if (!keep_enabled(data_set, current, today, kept)) return kept;
        current = std::move(kept);
    }
}

}  // namespace careplug::plan
