// What tells where a person lives or can be rung up: not shown of a restricted person, in no form.
#pragma once

#include <careplug/plan/data_set.h>
#include <nlohmann/json_fwd.hpp>

namespace careplug::engine {

struct Panel;

inline constexpr const char* withheld_words = "not shown: this person's record is restricted";

// Every address, of contacts too; of the person the telephone and how to get in.
bool locates(const plan::DataSet& data_set, const plan::Field& field);

plan::Answers without_whereabouts(const plan::DataSet& data_set, plan::Answers answers);
// The panel as it is drawn of a restricted person.
Panel without_whereabouts(Panel panel);

// Puts back into `after` what an update could not give, since it was not shown: within groups, row by row.
void keep_whereabouts(const plan::DataSet& data_set, const plan::Answers& before, plan::Answers& after);

// The host's record without address and telephone, of the person and of whoever is named beside.
nlohmann::json record_without_whereabouts(nlohmann::json record);

}  // namespace careplug::engine
