// The order that a policy gives the flags, taken only where it hides nothing.
#pragma once

#include <careplug/plugin.h>

#include <vector>

#include "plans/known.h"

namespace careplug::engine {

// All flags of all patients, as a policy is asked to order them.
std::vector<careplug_policy_flag> policy_flags(const std::vector<ShownFlags>& all);

// Puts the flags of each patient in the order that was answered. What is known, and the CPR decision of a
// plan, are never covered or pushed off: a patient whose answer does so keeps the engine's order. False where
// that happened.
bool take_order(std::vector<ShownFlags>& all, const std::vector<careplug_policy_flag>& asked,
                const std::vector<careplug_policy_flag>& answered);

}  // namespace careplug::engine
