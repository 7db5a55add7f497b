// What a plugin's file says of itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace careplug::tools {

struct PluginFacts {
    std::string id;
    std::string version;
};

// Nothing where the plugin does not load, refuses this version of the contract, or does not come to an end.
std::optional<PluginFacts> facts_of(const std::filesystem::path& file);

}  // namespace careplug::tools
