// The table of functions that the engine calls.
#pragma once

#include <careplug/plugin.h>

namespace careplug::plugin {

const careplug_policy& table() noexcept;

}  // namespace careplug::plugin
