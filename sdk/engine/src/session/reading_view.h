// A plan as it is read: the first screen of a view, then all that the view shows.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editing/panel.h"
#include "editing/restricted.h"

namespace careplug::engine {

struct Drawing {
    const Panel& panel;
    const plan::DataSet& data_set;
    const plan::Actor* actor;
    std::string today;
    bool withheld(const plan::Field& field) const { return panel.restricted && locates(data_set, field); }
};

// Puts `summary` and `sections` into a panel's view.
void draw_plan(const Drawing& drawing, const std::string& view, const Content* content, nlohmann::json& out);

}  // namespace careplug::engine
