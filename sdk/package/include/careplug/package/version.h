// Versions that are compared: a plugin's (semantic versioning 2.0) and the contract's.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::package {

// MAJOR.MINOR.PATCH, then perhaps -PRERELEASE and +BUILD. The build does not count when versions are
// compared.
struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    std::vector<std::string> prerelease;
    std::string text;
};

std::optional<Version> parse_version(std::string_view text);
std::weak_ordering compare(const Version& a, const Version& b);

// MAJOR.MINOR, or MAJOR.MINOR-rc.CANDIDATE, which comes before it.
struct AbiVersion {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t candidate = 0;  // 0: no candidate, the final version
};

std::optional<AbiVersion> parse_abi_version(std::string_view text);
std::strong_ordering compare(const AbiVersion& a, const AbiVersion& b);
std::string text_of(const AbiVersion& version);
// That of the headers this was built with.
AbiVersion current_abi();

}  // namespace careplug::package
