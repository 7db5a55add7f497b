// What a host's record says, as answers to the well-known link ids.
#pragma once

#include <careplug/plan/answers.h>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace careplug::plan {

std::vector<Item> answers_in_record(const nlohmann::json& record_bundle);

}  // namespace careplug::plan
