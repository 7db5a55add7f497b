#include <careplug/base.h>
#include <careplug/plan/relationship.h>
#include <algorithm>
#include <array>
#include <stdexcept>

#include "data_set_reading.h"

namespace careplug::plan {

namespace {

int slot_number(const std::string& slot) {
    static constexpr std::array<std::pair<std::string_view, int>, 6> slots{
        {{"knowledge", CAREPLUG_SLOT_KNOWLEDGE},
         {"cpr", CAREPLUG_SLOT_CPR},
         {"legal", CAREPLUG_SLOT_LEGAL},
         {"treatment", CAREPLUG_SLOT_TREATMENT},
         {"medicines", CAREPLUG_SLOT_MEDICINES},
         {"status", CAREPLUG_SLOT_STATUS}}};
    for (const auto& [name, number] : slots)
        if (name == slot) return number;
    throw std::invalid_argument("A flag of the Questionnaire has the unknown slot \"" + slot + "\".");
}

FlagDefinition read_flag(const Json& extension) {
    FlagDefinition flag;
    flag.id = extension_text(extension, "id");
    if (flag.id.empty()) throw std::invalid_argument("A flag of the Questionnaire has no id.");
    flag.slot = slot_number(extension_text(extension, "slot"));
    flag.rank = static_cast<int>(extension_integer(extension, "rank").value_or(0));
    flag.short_words = extension_text(extension, "short");
    flag.long_words = extension_text(extension, "long");
    if (flag.short_words.empty() || flag.long_words.empty())
        throw std::invalid_argument("The flag \"" + flag.id + "\" needs short and long words.");
    flag.rule = read_rule(extension, "when", "any");
    flag.by_program = extension_text(extension, "by-program") == "true";
    if (flag.rule.empty() != flag.by_program)
        throw std::invalid_argument("The flag \"" + flag.id + "\" needs a rule, or by-program and no rule.");
    flag.question = extension_text(extension, "question");
    flag.on_wire = extension_text(extension, "wire") == "true";
    flag.views = value_texts(extension, "view");
    for (const Json* code : extensions(extension, "code"))
        flag.code = read_coding(member(*code, "valueCoding"));
    return flag;
}

LintRule read_lint(const Json& extension) {
    LintRule lint;
    lint.id = extension_text(extension, "id");
    lint.rule = read_rule(extension, "when", "any");
    lint.blocks = extension_text(extension, "level") == "block";
    lint.words = extension_text(extension, "say");
    if (lint.id.empty() || lint.rule.empty() || lint.words.empty())
        throw std::invalid_argument("A check of the Questionnaire needs id, rule and words.");
    return lint;
}

HeaderField read_header_field(const Json& extension) {
    return {extension_text(extension, "link-id"), extension_text(extension, "text"),
            value_texts(extension, "view"), extension_text(extension, "required") == "true",
            extension_text(extension, "safety-critical") == "true"};
}

void read_legacy_code(const Json& extension, DataSet& set) {
    const std::string from = extension_text(extension, "from");
    const std::string to = extension_text(extension, "to");
    if (from.empty() || to.empty())
        throw std::invalid_argument("A legacy code of the Questionnaire needs from and to.");
    set.legacy_codes[from] = to;
    if (const std::string display = extension_text(extension, "display"); !display.empty())
        set.legacy_displays[from] = display;
}

std::int64_t minutes(const Json& extension, const char* name, std::int64_t otherwise) {
    const auto value = extension_integer(extension, name);
    if (!value) return otherwise;
    if (*value < 1 || *value > 24 * 60)
        throw std::invalid_argument("The freshness of the Questionnaire must be 1 minute to 24 hours.");
    return *value * 60 * 1000;
}

RelationshipRule read_relationship(const Json& extension) {
    constexpr std::int64_t most_seconds = 7 * 24 * 3600;
    const auto minutes = extension_integer(extension, "minutes");
    // A short time, as tests need it, is said in seconds.
    const std::int64_t seconds = minutes ? std::clamp<std::int64_t>(*minutes, -1, most_seconds) * 60
                                         : extension_integer(extension, "seconds").value_or(0);
    RelationshipRule rule{extension_text(extension, "basis"), value_texts(extension, "role"), 0};
    if (rule.basis.empty() || rule.roles.empty() || seconds < 1 || seconds > most_seconds)
        throw std::invalid_argument(
            "A relationship of the Questionnaire needs basis, roles, and minutes of at most a week.");
    rule.lasts_ms = seconds * 1000;
    return rule;
}

}  // namespace

void read_data_set_extensions(const Json& questionnaire, DataSet& set) {
    set.plan_type = read_coding(first_of(questionnaire, "code"));
    set.withhold_plan_from_patient = read_rule(questionnaire, own("withhold-plan-from-patient-when"),
                                               own("withhold-plan-from-patient-when-any"));
    for (const Json& extension : list_of(questionnaire, "extension")) {
        const std::string url = text_of(extension, "url");
        if (url == own("plan-type")) {
            set.plan_type = read_coding(member(extension, "valueCoding"));
        } else if (url == own("flag")) {
            set.flags.push_back(read_flag(extension));
        } else if (url == own("lint")) {
            set.lint.push_back(read_lint(extension));
        } else if (url == own("header-field")) {
            set.header_fields.push_back(read_header_field(extension));
        } else if (url == own("summary")) {
            set.summaries[extension_text(extension, "view")] = value_texts(extension, "link-id");
        } else if (url == own("legacy-code")) {
            read_legacy_code(extension, set);
        } else if (url == own("relationship")) {
            set.relationships.push_back(read_relationship(extension));
        } else if (url == own("emergency-reason")) {
            set.emergency_reasons.push_back(value_text(extension));
        } else if (url == own("freshness")) {
            set.freshness.no_plan_ms = minutes(extension, "no-plan-minutes", set.freshness.no_plan_ms);
            set.freshness.plan_ms = minutes(extension, "plan-minutes", set.freshness.plan_ms);
        }
    }
    if (set.relationships.empty()) set.relationships = standard_relationships();
    if (set.emergency_reasons.empty())
        set.emergency_reasons = {"Life at risk", "The person asked for it", "Other"};
}

}  // namespace careplug::plan
