// What publishing this form would change, in words: shown beside the button that does it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editing/panel.h"

namespace careplug::engine {

// Adds `changes`, every question of a published plan that would read otherwise, and `left_out`, every answer
// that is kept in the draft and not published because its question is not asked any more.
void draw_changes(const Panel& panel, const std::string& today, nlohmann::json& view);

}  // namespace careplug::engine
