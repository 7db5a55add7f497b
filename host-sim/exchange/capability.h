#pragma once

#include <string>

namespace careplug::exchange {

// The CapabilityStatement, made from the table of resource types.
std::string capability_statement(const std::string& base);

}  // namespace careplug::exchange
