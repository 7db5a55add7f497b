// Rules of a data set, evaluated on answers. Pure: today comes in.
#pragma once

#include <careplug/plan/data_set.h>

namespace careplug::plan {

struct RuleContext {
    const DataSet& data_set;
    const Answers& answers;
    std::string today;          // YYYY-MM-DD
    const Item* row = nullptr;  // the row looked at, for an item within a repeating group
};

bool holds(const Condition& condition, const RuleContext& context);
// An empty rule holds.
bool holds(const Rule& rule, const RuleContext& context);

bool enabled(const Field& field, const RuleContext& context);
// Required now: by itself or by required_when, and enabled.
bool required(const Field& field, const RuleContext& context);

// The answers without those to questions that are not enabled: what a revision may hold.
Answers without_disabled(const DataSet& data_set, const Answers& answers, const std::string& today);

// The code that a code counts as, by the legacy map.
std::string meaning(const DataSet& data_set, const std::string& code);
// Whether a plan with this answer may be published and shown: one rule for a current code and for its legacy
// form.
bool permits_publishing(const DataSet& data_set, const Field& field, const std::string& code);

// Whole years between two dates; nothing where the birth date is partial or invalid.
std::optional<int> age(const std::string& birth_date, const std::string& today);

}  // namespace careplug::plan
