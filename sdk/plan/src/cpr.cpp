#include "cpr.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/rules.h>

#include "text.h"
#include "well_known.h"
#include "words.h"

namespace careplug::plan {

namespace {

// Code and display that contradict each other: the display belongs to another answer (hazard H20).
bool display_of_another(const DataSet& data_set, const Field& field, const Coding& coding,
                        const std::string& code) {
    const std::string display = folded(coding.display);
    if (display.empty() || !control::on("H20.code-against-display")) return false;
    for (const Option& option : field.options)
        if (option.coding.code != code && folded(option.coding.display) == display) return true;
    for (const auto& [legacy, words] : data_set.legacy_displays)
        if (meaning(data_set, legacy) != code && folded(words) == display) return true;
    return false;
}

bool readable(const DataSet& data_set, const Field& field, const Value& value) {
    const auto* coding = std::get_if<Coding>(&value);
    if (coding == nullptr) return false;
    const std::string code = meaning(data_set, coding->code);
    for (const Option& option : field.options)
        if (option.coding.code == code && option.coding.system == coding->system)
            return !display_of_another(data_set, field, *coding, code);
    return false;
}

std::string as_received(const Value& value) {
    const auto* coding = std::get_if<Coding>(&value);
    if (coding == nullptr) return value_words(value);
    if (coding->display.empty()) return coding->code;
    return coding->code.empty() ? coding->display : coding->display + " (" + coding->code + ")";
}

}  // namespace

std::string cpr_field(const DataSet& data_set) {
    for (const FlagDefinition& flag : data_set.flags)
        if (flag.by_program && !flag.question.empty() && data_set.find(flag.question) != nullptr)
            return flag.question;
    return data_set.find(well_known::cpr_decision) != nullptr ? well_known::cpr_decision : "";
}

CprReading read_cpr(const DataSet& data_set, const Answers& answers) {
    const std::string question = cpr_field(data_set);
    if (question.empty()) return {CprReading::State::no_question, {}};
    const Field& field = *data_set.find(question);
    const auto values = answers.values(question);
    if (values.empty()) return {CprReading::State::not_recorded, {}};
    CprReading reading{CprReading::State::readable, {}};
    for (const Value* value : values) {
        if (!reading.text.empty()) reading.text += ", ";
        reading.text += as_received(*value);
        if (!readable(data_set, field, *value) && control::on("H3.unreadable-cpr"))
            reading.state = CprReading::State::unreadable;
    }
    // Two answers where one belongs: which of them holds is not for a program to choose.
    if (values.size() > 1 && control::on("H3.two-cpr-answers")) reading.state = CprReading::State::unreadable;
    return reading;
}

}  // namespace careplug::plan
