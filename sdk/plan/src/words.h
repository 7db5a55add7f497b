// Words of flags: {names} in braces.
#pragma once

#include <careplug/plan/data_set.h>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plan {

// Every name in braces.
std::vector<std::string> names_in(std::string_view words);

// One answer for a person: the display of a coding (its code where it has none), a date as 21-Nov-2026.
std::string value_words(const Value& value);

inline constexpr const char* not_recorded = "not recorded";
// What stands for a sensitive answer wherever it is not revealed.
inline constexpr const char* recorded = "recorded";

}  // namespace careplug::plan
