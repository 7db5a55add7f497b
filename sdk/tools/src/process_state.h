// What a library can leave changed in the process that loads it.
#pragma once

#include <string>
#include <vector>

namespace careplug::tools {

std::vector<std::string> open_descriptors();
std::size_t thread_count();
// One line for each signal: handler, flags; and the mask of this thread.
std::vector<std::string> signal_state();
// Environment, locale, folder and file mode mask.
std::vector<std::string> surroundings();
// Rounding and traps of floating point.
std::string floating_point_state();
// Bytes that malloc has given out.
std::size_t allocated_bytes();

}  // namespace careplug::tools
