// How this engine and a plugin's process fare, for `session-state`: facts for a page of the administrator,
// and nobody's plan.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hub.h"
#include "plugins/policy.h"

namespace careplug::engine {

nlohmann::json engine_status(Hub& hub);
nlohmann::json plugin_status(const Plugin& plugin);

}  // namespace careplug::engine
