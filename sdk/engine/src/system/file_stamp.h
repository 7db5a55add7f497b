// Tells whether something on the disk was put in the place of something else: a number of file, size and
// times, never the content. What differs is then looked at properly.
#pragma once

#include <string>

namespace careplug::engine {

// Of one file, or of a folder with what lies directly in it. Of what is not there, too.
std::string stamp_of(const std::string& path);

// What lies at `path` is another file than the one that is open.
bool is_another_file(const std::string& path, int open);

}  // namespace careplug::engine
