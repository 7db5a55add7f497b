// Flags for other FHIR consumers.
#pragma once

#include <careplug/plan/flags.h>
#include <string>
#include <vector>

namespace careplug::plan {

// The flags that the data set marks for the wire, whatever the view.
std::vector<Flag> wire_flags(const DataSet& data_set, const Plan& plan, const std::string& today);

}  // namespace careplug::plan
