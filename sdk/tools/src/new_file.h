// Files that the commands make.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace careplug::tools {

// Beside its place first, then renamed: never half a file, and never readable by more than `mode` says.
// Throws UsageError.
void write_whole_file(const std::filesystem::path& file, std::string_view text, mode_t mode);

}  // namespace careplug::tools
