// A data set: one kind of plan, read from a FHIR Questionnaire and its extensions at run time.
// docs/data-sets.md lists the supported Questionnaire subset and the extensions.
#pragma once

#include <careplug/plan/answers.h>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace careplug::plan {

enum class ItemType { string, text, choice, open_choice, boolean, date, date_time, integer, group, display };

// One line of a rule: `question operator answer`, as Questionnaire.enableWhen, plus in, not-in, matches
// (POSIX extended), $age as a question and $today as an answer. Codes of the legacy map count as what
// they mean (hazard H3).
struct Condition {
    std::string question;
    std::string op;                    // exists = != > < >= <= in not-in matches
    std::vector<std::string> answers;  // codes, texts, numbers or dates; "true"/"false" for exists
};

struct Rule {
    std::vector<Condition> conditions;
    bool any = false;  // one line is enough; otherwise all must hold
    bool empty() const { return conditions.empty(); }
};

struct Option {
    Coding coding;
    std::string short_display;  // for boards; empty where there is none
    Rule enable_when;           // when it may be chosen
};

struct Field {
    std::string link_id;
    std::string text;
    std::string short_text;  // for the first screen of a plan; empty where there is none
    ItemType type = ItemType::string;
    bool repeats = false;
    bool required = false;  // at publish; within a row: whenever the row is there
    bool hidden = false;
    bool read_only = false;
    std::vector<Option> options;
    std::optional<std::int64_t> minimum, maximum, step;
    Rule enable_when;
    Rule required_when;
    std::vector<std::string> publish_codes;  // empty: any answer permits publishing
    std::vector<std::string> exclusive;      // codes that exclude all others
    std::string merge_unit;                  // never empty: the link id where none is named
    std::vector<std::string> shown_in;       // views; empty: all
    std::vector<std::string> may_edit;       // roles; empty: every role that may edit plans
    std::string patient_edit;                // direct, proposal or empty
    Rule withhold_from_patient;
    std::string sensitive;  // mask, title-only or empty
    std::string default_value;
    std::string validation;
    bool prefill = false;
    bool prompt_if_empty = false;
    bool core = false;
    int entry_order = 0;
    std::string entry;  // confirm, off or empty
    bool partial_date = false;
    bool append_only = false;
    bool safety_critical = false;
    bool has_row_id = false;
    bool is_address = false, is_phone = false, is_identifier = false;
    std::string unsupported;  // why this item cannot be shown; the form is then refused visibly
    std::vector<Field> items;

    const std::string& label() const { return short_text.empty() ? text : short_text; }
};

struct Section {
    std::string link_id;
    std::string title;
    std::vector<Field> fields;
};

// A field that lives in CarePlan, Provenance or Consent: shown, never asked.
struct HeaderField {
    std::string link_id;
    std::string text;
    std::vector<std::string> shown_in;
    bool required = false;
    bool safety_critical = false;
};

struct FlagDefinition {
    std::string id;
    int slot = 0;  // CAREPLUG_SLOT_
    int rank = 0;
    std::string short_words;
    std::string long_words;
    Rule rule;  // empty where `by_program`
    bool by_program = false;
    std::string question;  // that a flag of the program looks at: the CPR decision
    bool on_wire = false;
    std::vector<std::string> views;  // empty: all but patient
    std::optional<Coding> code;      // of the Flag resource
};

struct LintRule {
    std::string id;
    Rule rule;
    bool blocks = false;
    std::string words;
};

// Which roles may open a plan on this basis, and for how long (relationship.h).
struct RelationshipRule {
    std::string basis;
    std::vector<std::string> roles;
    std::int64_t lasts_ms = 0;
};

struct Freshness {
    std::int64_t no_plan_ms = 2 * 60 * 1000;
    std::int64_t plan_ms = 15 * 60 * 1000;
};

struct DataSet {
    std::string url;
    std::string version;
    std::string title;
    Coding plan_type;  // CarePlan.category
    std::vector<Section> sections;
    std::vector<HeaderField> header_fields;
    std::vector<FlagDefinition> flags;
    std::vector<LintRule> lint;
    std::map<std::string, std::vector<std::string>> summaries;  // view to link ids
    std::map<std::string, std::string> legacy_codes;
    std::map<std::string, std::string> legacy_displays;  // of the legacy codes
    Freshness freshness;
    std::vector<RelationshipRule> relationships;
    std::vector<std::string> emergency_reasons;  // offered when the glass is broken
    Rule withhold_plan_from_patient;             // when a patient's own view gives nothing at all
    std::vector<std::string> unsupported;        // link id and reason of every item outside the subset
    std::string questionnaire;                   // the JSON it was read from
    // Where a link id stands: its section, and the field in it that holds it.
    using FieldPlace = std::pair<std::size_t, std::size_t>;
    std::map<std::string, FieldPlace, std::less<>> places;

    std::string canonical() const { return version.empty() ? url : url + "|" + version; }
    // A field or sub-item.
    const Field* find(std::string_view link_id) const;
    // The field that holds a field or sub-item, and its section.
    const Field* field_of(std::string_view link_id) const;
    const Section* section_of(std::string_view link_id) const;
    std::vector<const Field*> fields() const;
    // The fields that flags' rules and words use, and the identity: what CarePlan's summary holds.
    std::vector<std::string> summary_fields() const;
    std::vector<std::string> merge_units() const;
};

// Reads a Questionnaire. Throws std::invalid_argument with a sentence for what is no Questionnaire.
DataSet read_data_set(std::string_view questionnaire_json);

}  // namespace careplug::plan
