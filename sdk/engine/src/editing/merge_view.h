// What a merge left to decide and what it took over, in document `panel-view`.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "editing/panel.h"

namespace careplug::engine {

void draw_merge(const Panel& panel, nlohmann::json& out);

}  // namespace careplug::engine
