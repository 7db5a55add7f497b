// Flags that the program decides, for data sets that do not word them.
#pragma once

#include <careplug/plan/data_set.h>
#include <string_view>

namespace careplug::plan {

// The data set's definition, or else the built-in one.
FlagDefinition definition_of(const DataSet& data_set, std::string_view id);

}  // namespace careplug::plan
