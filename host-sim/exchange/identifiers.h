#pragma once

#include <string>

namespace careplug::exchange {

// Random, from the operating system: it cannot be guessed.
std::string new_uuid();

}  // namespace careplug::exchange
