// The questions of a form, member `items` of document `panel-view`, written as text.
#pragma once

#include <careplug/plan/role.h>

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editing/drawing.h"

namespace careplug::engine {

const char* severity_name(plan::Severity severity);

// The whole document: `view`, and the form's questions where it has no `items` yet. `reader` is who is
// signed in, or null.
std::string panel_text(const nlohmann::json& view, const Panel& panel, const plan::Actor* reader,
                       const std::string& today);

}  // namespace careplug::engine
