// The alphabet of JSON Web Tokens, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace careplug::tools {

// nullopt for any other character.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace careplug::tools
