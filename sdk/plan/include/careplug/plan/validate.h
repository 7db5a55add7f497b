// What stands against an intent: missing answers, wrong answers, contradictions, roles.
#pragma once

#include <careplug/plan/role.h>
#include <careplug/plan/rules.h>
#include <vector>

namespace careplug::plan {

enum class Severity { information, warning, error };

struct Issue {
    Severity severity = Severity::error;
    std::string code;     // FHIR IssueType: required, value, invariant, business-rule, forbidden ...
    std::string link_id;  // field or sub-item; empty for the whole plan
    std::string row;      // row id, where within a repeating group
    std::string words;    // for a person
    bool operator==(const Issue&) const = default;
};

enum class Intent { save_draft, submit, publish };

// Answers of the wrong type, outside a value set or range, twice given, unknown link ids: always errors.
// With publish, also what is required, publish codes and the data set's lint.
std::vector<Issue> validate(const DataSet& data_set, const Answers& answers, Intent intent,
                            const std::string& today);

// Fields that differ between two revisions and that this actor may not edit: errors, each saying who may.
// What stands as it was submitted was judged when it was submitted, by its author's rights.
std::vector<Issue> check_edit_rights(const DataSet& data_set, const Actor& actor, const Answers& before,
                                     const Answers& after, const Answers* submitted = nullptr);

bool blocks(const std::vector<Issue>& issues);

}  // namespace careplug::plan
