// Numbers of the host's contract as the words of documents.
#pragma once

#include <careplug/plan/role.h>

#include <cstdint>
#include <string>

namespace careplug::engine {

// CAREPLUG_KNOWLEDGE_: "plan", "no-plan" …; what is no such number reads "not-known".
const char* knowledge_name(std::int32_t knowledge);

// CAREPLUG_BASIS_, as AuditEvents name it; what is no such number is a claim of one's own. Whatever the host
// calls it, a person reads their own plan.
std::string basis_name(std::int32_t basis, const plan::Actor& actor);

}  // namespace careplug::engine
