// The plugins as a hospital would get them: packages signed with the command `careplug`, and a trust folder
// that allows their key. The key lives as long as the simulator.
#pragma once

#include <filesystem>

#include "folder.h"

namespace careplug::sim {

// From the plugins that were built. Throws std::runtime_error with one sentence that says what to do.
void install_packages(const Folder& folder, const std::filesystem::path& programs,
                      const std::filesystem::path& built);

}  // namespace careplug::sim
