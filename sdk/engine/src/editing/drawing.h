// What a panel is drawn from.
#pragma once

#include <careplug/plan/role.h>

#include <string>

#include "editing/panel.h"
#include "editing/restricted.h"

namespace careplug::engine {

struct Drawing {
    const Panel& panel;
    const plan::DataSet& data_set;
    const plan::Actor* actor;  // whose rights are shown; null where nobody edits
    std::string today;
    bool withheld(const plan::Field& field) const { return panel.restricted && locates(data_set, field); }
};

}  // namespace careplug::engine
