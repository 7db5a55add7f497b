#ifndef CAREPLUG_PLAN_PATTERN_H
#define CAREPLUG_PLAN_PATTERN_H

#include <string>

namespace careplug::plan {

// Whether a POSIX extended regular expression is found in the text. One that is not well formed matches
// nothing.
bool matches(const std::string& text, const std::string& pattern);

}  // namespace careplug::plan

#endif
