#include "value_check.h"

#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rules.h>
#include <algorithm>

#include "dates.h"
#include "text.h"

namespace careplug::plan {

namespace {

std::string wrong_text(const Field& field, const std::string& text) {
    if (is_blank(text)) return "is blank. Write something or leave it out.";
    if (!is_utf8(text)) return "is not UTF-8 text.";
    if (text.find('\0') != std::string::npos) return "holds the character U+0000.";
    if (field.validation.find("modulus 11") != std::string::npos)
        if (const NhsNumber number = parse_nhs_number(text); !number.valid())
            return "is not valid. " + sentence(number.problem);
    return {};
}

std::string wrong_coding(const DataSet& data_set, const Field& field, const Coding& coding) {
    if (field.type == ItemType::open_choice)
        return is_blank(coding.code) && is_blank(coding.display) ? "has neither code nor words." : "";
    // A choice whose answers stand in a value set elsewhere cannot be checked here.
    if (field.options.empty()) return is_blank(coding.code) ? "has no code." : "";
    const std::string code = meaning(data_set, coding.code);
    for (const Option& option : field.options)
        if (option.coding.code == code && option.coding.system == coding.system) return {};
    return "has an answer that is not one of its choices: \"" +
           (coding.display.empty() ? coding.code : coding.display) + "\".";
}

std::string wrong_number(const Field& field, std::int64_t number) {
    if (field.minimum && number < *field.minimum)
        return "must be at least " + std::to_string(*field.minimum) + ".";
    if (field.maximum && number > *field.maximum)
        return "must be at most " + std::to_string(*field.maximum) + ".";
    if (field.step && *field.step > 0 && (number - field.minimum.value_or(0)) % *field.step != 0)
        return "must go in steps of " + std::to_string(*field.step) + ".";
    return {};
}

std::string wrong_date(const Field& field, const std::string& text) {
    const auto date = parse_date(text);
    if (!date) return "is not a date of the calendar: \"" + text + "\". Write it as year-month-day.";
    if (date->partial() && !field.partial_date) return "needs the whole date, with month and day.";
    return {};
}

}  // namespace

std::string wrong_with(const DataSet& data_set, const Field& field, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    const auto* coding = std::get_if<Coding>(&value);
    switch (field.type) {
        case ItemType::string:
        case ItemType::text:
            return text != nullptr ? wrong_text(field, *text) : "must be a text.";
        case ItemType::choice:
            return coding != nullptr ? wrong_coding(data_set, field, *coding) : "must be one of its choices.";
        case ItemType::open_choice:
            if (coding != nullptr) return wrong_coding(data_set, field, *coding);
            return text != nullptr ? wrong_text(field, *text) : "must be one of its choices or a text.";
        case ItemType::boolean:
            return std::holds_alternative<bool>(value) ? "" : "must be yes or no.";
        case ItemType::integer:
            if (const auto* number = std::get_if<std::int64_t>(&value)) return wrong_number(field, *number);
            return "must be a whole number.";
        case ItemType::date:
            if (const auto* date = std::get_if<Date>(&value)) return wrong_date(field, date->text);
            return "must be a date.";
        case ItemType::date_time:
            if (const auto* time = std::get_if<DateTime>(&value); time != nullptr && is_date_time(time->text))
                return {};
            return "must be a date with time and zone.";
        case ItemType::group:
        case ItemType::display:
            return "asks nothing itself and cannot be answered.";
    }
    return "has an answer of an unknown type.";
}

std::string doubtful_in(const Field& field, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || !field.is_phone) return {};
    const auto digits =
        std::count_if(text->begin(), text->end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits < 3 ? "does not look like a telephone number: \"" + *text + "\"." : "";
}

}  // namespace careplug::plan
