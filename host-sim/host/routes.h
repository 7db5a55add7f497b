// The API of a signed-in page: path and body to a desk's call.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "desk.h"

namespace careplug::sim {

// `path` without "api". Throws HttpError 404 for what is not there.
nlohmann::json call(Desk& desk, const std::string& method, const std::vector<std::string>& path,
                    const nlohmann::json& body);

}  // namespace careplug::sim
