// The requirements for hosts. Each looks at one day at a time: it passes, throws Failed, or throws
// NotApplicable where the day says nothing about it. A host meets it when no day fails and at least one
// passes.
#pragma once

#include "day.h"
#include "requirement.h"
#include "trial.h"

namespace careplug::tools {

struct HostRequirement : Rule {
    void (*judge)(const Day& day);
};

std::span<const HostRequirement> host_requirements();
const HostRequirement* find_host_requirement(std::string_view id);

inline void applies(bool holds, const std::string& otherwise) {
    if (!holds) throw NotApplicable(otherwise);
}

}  // namespace careplug::tools
