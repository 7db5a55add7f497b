// The requirements for plugins and those for hosts: each table drives its checker and the published page.
#pragma once

#include <span>
#include <string_view>

#include "trial.h"

namespace careplug::tools {

enum class Level { mandatory, recommended };

struct Rule {
    std::string_view id;
    std::string_view subject;
    Level level;
    std::string_view rule;
    std::string_view otherwise;  // what happens to people when it is broken
};

struct Requirement : Rule {
    void (*test)(const Trial& trial);
};

std::span<const Requirement> requirements();
const Requirement* find_requirement(std::string_view id);

}  // namespace careplug::tools
