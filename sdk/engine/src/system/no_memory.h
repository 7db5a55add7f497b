// What every thread of the engine says when an allocation failed. What it was doing is half done in memory
// and whole on disk, so it ends, and the next engine begins with what is there.
#pragma once

namespace careplug::engine {

inline constexpr const char* no_memory = "no memory is left";

}  // namespace careplug::engine
