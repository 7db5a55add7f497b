// What a host's own service says, read from outside.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace careplug::sim {

// Throws where nobody answers in time, or answers with something else than a document.
nlohmann::json get_json(const std::string& url);

}  // namespace careplug::sim
