// The requirements for plugins: one table drives the checker and its published page.
#pragma once

#include <span>
#include <string_view>

#include "trial.h"

namespace careplug::tools {

enum class Level { mandatory, recommended };

struct Requirement {
    std::string_view id;
    std::string_view subject;
    Level level;
    std::string_view rule;
    std::string_view otherwise;  // what happens to people when a plugin breaks it
    void (*test)(const Trial& trial);
};

std::span<const Requirement> requirements();
const Requirement* find_requirement(std::string_view id);

}  // namespace careplug::tools
