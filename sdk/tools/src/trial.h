// What one test of one requirement gets, and how it ends otherwise than by passing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace careplug::tools {

struct Trial {
    std::filesystem::path plugin;
    std::filesystem::path datasets;
    std::filesystem::path program;  // this checker, for tests that need a process beside their own
    std::uint64_t seed = 1;
};

// The plugin breaks the requirement: what it did, in a sentence.
class Failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The requirement is about something that this plugin does not do, and need not.
class NotApplicable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The test could not be run, so nothing is known. Never counts as passed.
class NotRun : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

inline void expect(bool holds, const std::string& otherwise) {
    if (!holds) throw Failed(otherwise);
}

}  // namespace careplug::tools
