// manifest.json: what a package says of its plugin. Read only after its signature was checked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "version.h"

namespace careplug::package {

inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* current_platform = "linux-x86_64";
inline constexpr std::size_t largest_manifest = 64 * 1024;
inline constexpr std::size_t largest_plugin = 64 * 1024 * 1024;

struct Manifest {
    std::string id;
    std::string vendor;
    Version version;
    AbiVersion abi_from;
    AbiVersion abi_to;
    std::string platform;
    std::string file;    // a plain name, beside the manifest
    std::string sha256;  // of the file, 64 small hexadecimal digits
};

// Throws Refusal: not JSON, a member twice, missing, unknown or out of range, a name that is a path.
Manifest parse_manifest(std::string_view text);
std::string write_manifest(const Manifest& manifest);

// A plugin's id as manifests and keys use it: example.night-nursing.
bool is_plugin_id(std::string_view text);

}  // namespace careplug::package
