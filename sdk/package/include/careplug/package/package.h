// A package is a folder with manifest.json, signature and the plugin's file. Opening one checks everything
// and gives the plugin as a sealed copy in memory, whose bytes were hashed after nobody could change them.
#pragma once

#include <cstdint>
#include <string>

#include "descriptor.h"
#include "manifest.h"
#include "refusal.h"
#include "trust.h"

namespace careplug::package {

// What a package is held against besides the trust folder.
struct Here {
    AbiVersion abi;
    std::string platform;
    std::int64_t now = 0;  // seconds since 1970, UTC
};
Here this_computer();

struct Package {
    std::string origin;      // the folder, or the file in a development folder
    bool bare = false;       // a file without a manifest
    Manifest manifest;       // empty where bare
    bool is_signed = false;  // otherwise it was taken from a development folder
    TrustedKey key;          // that signed it
    std::string manifest_sha256;
    std::string file_sha256;
    std::uint64_t file_size = 0;
    Descriptor file;  // sealed: it cannot be written, grow or shrink, nor lose its seals

    // For a log and a status page: who signed it, or that nobody did.
    std::string acceptance() const;
};

// What a manifest says of a file that is to be signed, wherever it lies. Throws Refusal.
std::string sha256_of_file(const std::string& path);

// Throws Refusal.
Package open_package(const std::string& folder, const Trust& trust, const Here& here);
// The package NAME in the folder of plugins, or in a development folder also the bare file NAME.so.
Package open_plugin(const std::string& plugins, const std::string& name, const Trust& trust,
                    const Here& here);

}  // namespace careplug::package
