// Flag records as the pages read them. Every unknown value becomes "not known" (hazard H3).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "careplug_host.h"

namespace careplug::sim {

nlohmann::json flags_json(const SessionHandle& session, const careplug_flags_record& record);

}  // namespace careplug::sim
