// The array of flag records of a batch, by the caller's stride and sizes.
#pragma once

#include <careplug/plugin/policy.h>

namespace careplug::plugin {

// Lets the policy order each patient's flags and writes order and covered back. Throws EngineMistake, before
// anything is written, where the array breaks the rules of base.h.
void order_records(const Policy& policy, careplug_policy_flag* flags, std::uint64_t stride,
                   std::uint64_t count, const Now& now);

}  // namespace careplug::plugin
