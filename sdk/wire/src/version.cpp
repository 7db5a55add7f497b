#include <careplug/wire/version.h>

#include <algorithm>

namespace careplug::wire {

std::string words(const Version& version) {
    const std::string words = std::to_string(version.major) + "." + std::to_string(version.minor);
    return version.candidate == 0 ? words : words + "-rc." + std::to_string(version.candidate);
}

std::optional<Version> spoken_by_both(const Version& ours, const Version& theirs) {
    if (ours == theirs) return ours;
    const bool released = ours.candidate == 0 && theirs.candidate == 0;
    if (!released || ours.major != theirs.major || theirs.minor < 0) return std::nullopt;
    return Version{ours.major, std::min(ours.minor, theirs.minor), 0};
}

}  // namespace careplug::wire
