// One cell of the matrix: a small host with a loader, an engine and a plugin, each of a level of its own.
#pragma once

#include <careplug/wire/version.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/process.h"

namespace careplug::test {

// A version, and where its programs lie. Kept levels have a host and a plugin alone.
struct Level {
    std::string name;
    wire::Version version;
    std::filesystem::path loader;  // folder of libcareplug.so, careplug-engine and careplug-jail
    std::filesystem::path host;
    std::filesystem::path plugin;
};

// By name: "current", "grown" (the same version, grown), "next" (the next candidate), "released" (today's
// headers, released), "successor" (the release after that), or "kept VERSION". Throws for another.
Level level(const std::string& name);
std::vector<std::string> kept_versions();

struct Said {
    int exit_code = -1;
    std::vector<std::string> lines;

    std::string text() const;
    bool has(const std::string& part) const { return text().find(part) != std::string::npos; }
    // The first line that begins so; empty where there is none.
    std::string line(const std::string& beginning) const;
};

// What a small host printed with this folder of a loader.
Said run_host(const std::filesystem::path& host, const std::filesystem::path& loader,
              const std::vector<std::string>& arguments);

// A folder with the loader of one level and the engine that is given, with its jail where it has one.
void install(const std::filesystem::path& folder, const std::filesystem::path& loader,
             const std::filesystem::path& engine);

}  // namespace careplug::test
