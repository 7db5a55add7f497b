// Which room of the house includes which: read from #include lines.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace careplug::architecture {

// What a room may include, besides itself: headers, or with a slash at the end all those below
// "careplug/..." or below another room's folder.
struct Room {
    std::string folder;
    std::vector<std::string> may_include;
};

// The house's rooms; the longest folder that holds a file is its room.
const std::vector<Room>& rooms();

struct Breach {
    std::string file;  // relative to the root
    std::string include;
    std::string why;
};

// The names in #include lines, outside of block comments.
std::vector<std::string> includes_of(const std::string& source);

// Every include of the sources below root that goes against an arrow, and every source file of a
// top-level folder that is no room.
std::vector<Breach> breaches(const std::filesystem::path& root);

// How many sources were looked at, so that a test can see that it looked.
std::size_t sources_below(const std::filesystem::path& root);

}  // namespace careplug::architecture
