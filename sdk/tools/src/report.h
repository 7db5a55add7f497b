// The report of a check, for a person and for programs.
#pragma once

#include <string>

#include "result.h"

namespace careplug::tools {

std::string as_text(const Report& report);
std::string as_json(const Report& report);
// JUnit's XML, which build servers read.
std::string as_junit(const Report& report);

}  // namespace careplug::tools
