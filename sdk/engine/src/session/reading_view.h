// A plan as it is read: the first screen of a view, then all that the view shows.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editing/drawing.h"

namespace careplug::engine {

// Puts `summary` and `sections` into a panel's view.
void draw_plan(const Drawing& drawing, const std::string& view, const Content* content, nlohmann::json& out);

}  // namespace careplug::engine
