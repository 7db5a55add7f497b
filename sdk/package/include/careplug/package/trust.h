// The administrator's trust folder: whose packages are taken, which are not any more, and where unsigned
// plugins are tried out.
//
//   keys/ID.json       a public key, its vendor, its last day, the plugins it may sign
//   revoked.json       {"keys": {"ID": "why"}, "packages": {"SHA-256": "why"}}
//   minimum.json       {"PLUGIN": "1.2.0"}: nothing older is taken
//   development.json   {"folders": ["/home/ada/plugins"]}: there packages need no signature
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "keys.h"
#include "version.h"

namespace careplug::package {

inline constexpr std::size_t largest_trust_file = 1024 * 1024;

struct Revoked {
    std::map<std::string, std::string> keys;      // id, why
    std::map<std::string, std::string> packages;  // SHA-256 of a manifest or of a plugin file, why
};

struct Trust {
    std::string folder;
    std::map<std::string, TrustedKey> keys;
    Revoked revoked;
    std::map<std::string, Version> minimum;
    std::vector<std::string> development;

    // Whether unsigned plugins are taken in this folder: it is one of development, or lies below one.
    bool is_development(std::string_view path) const;
};

// Throws Refusal for the folder, and for anything in it that is not known or cannot be read: what the
// administrator wrote is followed whole or not at all.
Trust read_trust(const std::string& folder);

Revoked parse_revoked(std::string_view text);
std::map<std::string, Version> parse_minimum(std::string_view text);
std::vector<std::string> parse_development(std::string_view text);

}  // namespace careplug::package
