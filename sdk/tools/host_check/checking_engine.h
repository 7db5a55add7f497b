// Plays the engine for a vendor's host. The loader starts it from beside its own file, where a file
// `scenario` names what to play; every call goes into the file `timeline` there, which the loader's trace
// also fills.
#pragma once

#include <filesystem>

namespace careplug::tools {

inline constexpr const char* engine_file = "careplug-engine";
inline constexpr const char* scenario_file = "scenario";
inline constexpr const char* timeline_file = "timeline";

// The exit status.
int checking_engine(const std::filesystem::path& folder);

}  // namespace careplug::tools
