#include "questionnaire_subset.h"

#include <careplug/plan/form.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace careplug::plan {

namespace {

constexpr std::string_view hl7 = "http://hl7.org/fhir/StructureDefinition/";
constexpr std::string_view sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";

// Extensions that change what is asked, or which answer is right. Others say how a form looks.
constexpr std::array<std::string_view, 21> not_known{"calculatedExpression",
                                                     "initialExpression",
                                                     "enableWhenExpression",
                                                     "answerExpression",
                                                     "answerOptionsToggleExpression",
                                                     "candidateExpression",
                                                     "contextExpression",
                                                     "itemPopulationContext",
                                                     "subQuestionnaire",
                                                     "constraint",
                                                     "targetConstraint",
                                                     "unit",
                                                     "unitOption",
                                                     "unitValueSet",
                                                     "optionExclusive",
                                                     "signatureRequired",
                                                     "regex",
                                                     "minLength",
                                                     "minOccurs",
                                                     "maxOccurs",
                                                     "maxDecimalPlaces"};

// The last part of the url of HL7: "questionnaire-unit" and "sdc-questionnaire-unit" are "unit".
std::string_view name_of(std::string_view url) {
    for (const std::string_view start : {sdc, hl7})
        if (url.starts_with(start)) {
            url.remove_prefix(start.size());
            for (const std::string_view family : {"sdc-questionnaire-", "questionnaire-"})
                if (url.starts_with(family)) url.remove_prefix(family.size());
            return url;
        }
    return {};
}

std::string unknown_extension(const Json& element) {
    for (const Json& extension : list_of(element, "extension")) {
        const std::string url = text_of(extension, "url");
        const std::string_view name = name_of(url);
        if (std::find(not_known.begin(), not_known.end(), name) != not_known.end())
            return "the extension \"" + std::string(name) + "\" is not supported";
        if ((name == "minValue" || name == "maxValue") &&
            !member(extension, "valueInteger").is_number_integer())
            return "a limit (" + std::string(name) + ") that is no whole number is not supported";
    }
    return {};
}

// In the element or below it, but not in the items that it holds.
bool has_modifier(const Json& element) {
    if (element.is_array()) return std::any_of(element.begin(), element.end(), has_modifier);
    if (!element.is_object()) return false;
    for (const auto& [name, value] : element.items())
        if (name == "modifierExtension" || (name != "item" && has_modifier(value))) return true;
    return false;
}

std::string wrong_condition(const Json& item) {
    static constexpr std::array<std::string_view, 6> known{
        "answerBoolean", "answerInteger", "answerDate", "answerString", "answerCoding", "answerDateTime"};
    const auto& lines = list_of(item, "enableWhen");
    for (const Json& line : lines) {
        if (!line.is_object()) continue;
        for (const auto& [name, value] : line.items())
            if (name.starts_with("answer") && std::find(known.begin(), known.end(), name) == known.end())
                return "a condition that compares with \"" + name + "\" is not supported";
    }
    const std::string behaviour = text_of(item, "enableBehavior");
    if (lines.size() > 1 && behaviour != "all" && behaviour != "any")
        return "it has several conditions and does not say whether all or any must hold (enableBehavior)";
    return {};
}

}  // namespace

std::string outside_subset(const Json& item, const Field& field) {
    if (has_modifier(item)) return "a modifierExtension may change what it means";
    if (std::string why = unknown_extension(item); !why.empty()) return why;
    if (std::string why = wrong_condition(item); !why.empty()) return why;
    if (list_of(item, "initial").size() > 1) return "more than one initial answer is not supported";
    std::string selected;
    for (const Json& option : list_of(item, "answerOption")) {
        if (flag_of(option, "initialSelected")) {
            if (!selected.empty()) return "more than one option that is selected beforehand is not supported";
            selected = text_of(member(option, "valueCoding"), "code") + text_of(option, "valueString");
        }
        if (std::string why = unknown_extension(option); !why.empty()) return why;
    }
    if (!selected.empty() && selected != field.default_value)
        return "the option that is selected beforehand is not the first answer that is given";
    if (!member(item, "maxLength").is_null())
        return "a longest text (maxLength) is not supported: nothing that is written is cut";
    if (field.options.empty() && !text_of(item, "answerValueSet").empty())
        return "its answers stand in a value set that the Questionnaire does not hold";
    const bool single = field.type == ItemType::boolean || field.type == ItemType::date ||
                        field.type == ItemType::date_time || field.type == ItemType::integer;
    if (single && field.repeats) return "more than one answer to a question of this type is not supported";
    return {};
}

std::string misplaced(const Field& field, const Field* group) {
    if (group == nullptr) return {};
    if (field.type == ItemType::group) return "a group within a group of a section cannot be shown";
    // What a row's form does not ask would be lost when the row is written again.
    if (field.hidden) return "a hidden question within a group is not supported";
    if (field.read_only) return "a read-only question within a group is not supported";
    return {};
}

std::string refusal(const DataSet& data_set) {
    if (data_set.unsupported.empty()) return {};
    const std::size_t more = data_set.unsupported.size() - 1;
    return "The form \"" + data_set.title +
           "\" asks what cannot be asked here, so it is not filled in: " + data_set.unsupported.front() +
           (more == 0 ? "" : ", and " + std::to_string(more) + " more") + ". What was published can be read.";
}

std::string outside_subset(const Json& questionnaire) {
    return unknown_extension(questionnaire);
}

void refuse_modifiers(const Json& questionnaire) {
    for (const char* name : {"modifierExtension", "implicitRules"})
        if (!member(questionnaire, name).is_null())
            throw std::invalid_argument("The Questionnaire has \"" + std::string(name) +
                                        "\", which may change what it means: it cannot be used here.");
}

}  // namespace careplug::plan
