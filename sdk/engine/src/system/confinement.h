// What the engine itself gives up once it is open: it changes files in its store alone, starts careplug-jail
// alone, and connects to the exchange alone, as far as this kernel can hold it to that.
#pragma once

#include <string>

#include "settings/settings.h"
#include "system/descriptor.h"

namespace careplug::engine {

// Before the first thread, which would stay free. What holds and what this system lacks, in a sentence.
std::string confine_engine(const Settings& settings, const Descriptor& jail);

}  // namespace careplug::engine
