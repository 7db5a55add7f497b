// Whether a data set's form can be filled in here: docs/questionnaire-subset.md lists what it may hold.
#pragma once

#include <careplug/plan/data_set.h>
#include <string>

namespace careplug::plan {

// Why not, as a sentence; empty where it can.
std::string refusal(const DataSet& data_set);

}  // namespace careplug::plan
