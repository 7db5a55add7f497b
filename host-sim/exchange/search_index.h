// The terms by which a resource is found, taken from it by the table of parameters.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "resource_types.h"
#include "store.h"

namespace careplug::exchange {

std::vector<Term> terms_of(const ResourceType& type, const nlohmann::json& resource);

// Every element at a path, through arrays.
std::vector<const nlohmann::json*> elements_at(const nlohmann::json& resource, std::string_view path);
// The text member of an object, or empty.
std::string text_of(const nlohmann::json& object, const char* member);

}  // namespace careplug::exchange
