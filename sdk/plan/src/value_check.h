// Whether one answer fits its question.
#pragma once

#include <careplug/plan/data_set.h>
#include <string>

namespace careplug::plan {

// What is wrong with the answer, for a person; empty where nothing is.
std::string wrong_with(const DataSet& data_set, const Field& field, const Value& value);

// An answer that is most likely mistyped; empty where nothing is.
std::string doubtful_in(const Field& field, const Value& value);

}  // namespace careplug::plan
