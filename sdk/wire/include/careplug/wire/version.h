// Versions of the contract, and which of them two sides can speak together.
#ifndef CAREPLUG_WIRE_VERSION_H
#define CAREPLUG_WIRE_VERSION_H

#include <cstdint>
#include <optional>
#include <string>

namespace careplug::wire {

struct Version {
    std::int32_t major = 0;
    std::int32_t minor = 0;
    std::int32_t candidate = 0;  // 0: released
    bool operator==(const Version&) const = default;
};

// Of the headers that this was built from. Stated in one place, so that a test can build it as another
// version.
Version this_version();

std::string words(const Version& version);  // 1.0-rc.1

// Release candidates speak to their equals alone. Releases of one major version speak the older minor
// version: it grew by adding only.
std::optional<Version> spoken_by_both(const Version& ours, const Version& theirs);

}  // namespace careplug::wire

#endif
