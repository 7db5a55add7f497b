// What a resource must look like before any rule looks at it: known elements of the right JSON type, required
// ones present, nothing empty, answers of a QuestionnaireResponse with one value each.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "resource_types.h"

namespace careplug::exchange {

// Throws Problem 422 (structure).
void check_structure(const ResourceType& type, const nlohmann::json& resource);

}  // namespace careplug::exchange
