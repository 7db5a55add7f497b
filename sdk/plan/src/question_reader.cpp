#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "data_set_reading.h"

namespace careplug::plan {

namespace {

const std::map<std::string, ItemType>& item_types() {
    static const std::map<std::string, ItemType> types{
        {"string", ItemType::string},           {"text", ItemType::text},       {"choice", ItemType::choice},
        {"open-choice", ItemType::open_choice}, {"boolean", ItemType::boolean}, {"date", ItemType::date},
        {"dateTime", ItemType::date_time},      {"integer", ItemType::integer}, {"group", ItemType::group},
        {"display", ItemType::display}};
    return types;
}

const std::set<std::string>& operators() {
    static const std::set<std::string> known{"exists", "=",  "!=", ">",      "<",
                                             ">=",     "<=", "in", "not-in", "matches"};
    return known;
}

Condition checked(Condition condition) {
    if (condition.question.empty())
        throw std::invalid_argument("A rule of the Questionnaire names no question.");
    if (operators().count(condition.op) == 0)
        throw std::invalid_argument("A rule on \"" + condition.question + "\" has the unknown operator \"" +
                                    condition.op + "\".");
    if (condition.answers.empty())
        throw std::invalid_argument("A rule on \"" + condition.question +
                                    "\" has no answer to compare with.");
    if (condition.op == "matches" && condition.answers.front().size() > 200)
        throw std::invalid_argument("The pattern on \"" + condition.question +
                                    "\" is longer than 200 characters.");
    return condition;
}

std::string answer_text(const Json& line) {
    for (const auto& [name, value] : line.items()) {
        if (!name.starts_with("answer")) continue;
        if (value.is_string()) return value.get<std::string>();
        if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
        if (value.is_number_integer()) return value.dump();
        if (value.is_object()) return text_of(value, "code");
    }
    return {};
}

Rule read_enable_when(const Json& item) {
    Rule rule;
    for (const Json& line : list_of(item, "enableWhen")) {
        Condition condition{text_of(line, "question"), text_of(line, "operator"), {}};
        if (const std::string answer = answer_text(line); !answer.empty())
            condition.answers.push_back(answer);
        rule.conditions.push_back(checked(std::move(condition)));
    }
    if (!rule.empty()) {
        rule.any = text_of(item, "enableBehavior") == "any";
        return rule;
    }
    return read_rule(item, own("enable-when"), own("enable-when-any"));
}

void read_options(const Json& item, Field& field) {
    for (const Json& answer : list_of(item, "answerOption")) {
        Option option;
        if (const Json& coding = member(answer, "valueCoding"); coding.is_object()) {
            option.coding = read_coding(coding);
        } else if (const std::string text = text_of(answer, "valueString"); !text.empty()) {
            option.coding = Coding{{}, text, text};
        } else {
            field.unsupported = "an option that is neither coding nor string cannot be shown";
            continue;
        }
        option.short_display = extension_text(answer, own("short"));
        option.enable_when = read_rule(answer, own("enable-when"), own("enable-when-any"));
        field.options.push_back(std::move(option));
    }
    if (field.options.empty() && field.type == ItemType::choice && field.unsupported.empty())
        field.unsupported = "its answers stand in a value set that the Questionnaire does not hold";
}

std::vector<std::string> inherited(const Json& item, const Json& section, const char* name,
                                   const std::vector<std::string>* group) {
    auto texts = value_texts(item, own(name));
    if (texts.empty() && group != nullptr) return *group;
    if (texts.empty()) return value_texts(section, own(name));
    return texts;
}

void read_initial(const Json& item, Field& field) {
    field.default_value = extension_text(item, own("default"));
    // FHIR's rule que-11: with options, the one that is selected at first says so itself.
    for (const Json& option : list_of(item, "answerOption")) {
        if (!field.default_value.empty() || !flag_of(option, "initialSelected")) continue;
        const Json& coding = member(option, "valueCoding");
        field.default_value = coding.is_object() ? text_of(coding, "code") : text_of(option, "valueString");
    }
    if (!field.default_value.empty()) return;
    for (const Json& option : list_of(item, "answerOption"))
        if (flag_of(option, "initialSelected"))
            field.default_value =
                text_of(member(option, "valueCoding"), "code") + text_of(option, "valueString");
    const Json& initial = first_of(item, "initial");
    if (!initial.is_object() || !field.default_value.empty()) return;
    if (const Json& coding = member(initial, "valueCoding"); coding.is_object())
        field.default_value = text_of(coding, "code");
    else
        field.default_value = value_text(initial);
}

bool is_true(const Json& item, const char* name) {
    return extension_text(item, own(name)) == "true";
}

}  // namespace

Coding read_coding(const Json& coding) {
    return {text_of(coding, "system"), text_of(coding, "code"), text_of(coding, "display")};
}

Rule read_rule(const Json& element, const std::string& name, const std::string& any_name) {
    Rule rule;
    for (const Json* line : extensions(element, name))
        rule.conditions.push_back(checked({extension_text(*line, "question"),
                                           extension_text(*line, "operator"), value_texts(*line, "answer")}));
    rule.any = extension_text(element, any_name) == "true";
    return rule;
}

Field read_question(const Json& item, const Json& section, const Field* group) {
    Field field;
    const std::string type = text_of(item, "type");
    if (const auto found = item_types().find(type); found != item_types().end())
        field.type = found->second;
    else
        field.unsupported = "the item type \"" + type + "\" is not supported";
    field.text = text_of(item, "text");
    field.repeats = flag_of(item, "repeats");
    field.required = flag_of(item, "required");
    field.read_only = flag_of(item, "readOnly");
    field.hidden =
        extension_text(item, "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden") == "true";
    if (field.type == ItemType::choice || field.type == ItemType::open_choice) read_options(item, field);
    field.minimum = extension_integer(item, "http://hl7.org/fhir/StructureDefinition/minValue");
    field.maximum = extension_integer(item, "http://hl7.org/fhir/StructureDefinition/maxValue");
    field.step = extension_integer(item, own("step"));
    field.enable_when = read_enable_when(item);
    field.required_when = read_rule(item, own("required-when"), own("required-when-any"));
    field.publish_codes = value_texts(item, own("publish-code"));
    field.exclusive = value_texts(item, own("exclusive"));
    field.merge_unit = extension_text(item, own("merge-unit"));
    field.shown_in = inherited(item, section, "shown-in", group != nullptr ? &group->shown_in : nullptr);
    field.may_edit = inherited(item, section, "may-edit", group != nullptr ? &group->may_edit : nullptr);
    field.patient_edit = extension_text(item, own("patient-edit"));
    if (field.patient_edit.empty() && group != nullptr) field.patient_edit = group->patient_edit;
    field.withhold_from_patient =
        read_rule(item, own("withhold-from-patient-when"), own("withhold-from-patient-when-any"));
    field.sensitive = extension_text(item, own("sensitive"));
    if (field.sensitive.empty() && group != nullptr) field.sensitive = group->sensitive;
    read_initial(item, field);
    field.validation = extension_text(item, own("validation"));
    field.prefill = is_true(item, "prefill");
    field.short_text = extension_text(item, own("short-text"));
    field.prompt_if_empty = is_true(item, "prompt-if-empty");
    field.core = is_true(item, "core");
    field.entry_order = static_cast<int>(extension_integer(item, own("entry-order")).value_or(0));
    field.entry = extension_text(item, own("entry"));
    field.partial_date = is_true(item, "partial-date");
    field.append_only = is_true(item, "append-only");
    field.safety_critical = is_true(item, "safety-critical") || (group != nullptr && group->safety_critical);
    const std::string kind = extension_text(item, own("kind"));
    field.is_address = kind == "address";
    field.is_phone = kind == "phone";
    field.is_identifier = kind == "identifier";
    return field;
}

}  // namespace careplug::plan
