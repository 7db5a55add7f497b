// Codes of Careplug's own system, in Tasks.
#pragma once

#include <careplug/plan/fhir.h>

#include "json_reading.h"

namespace careplug::plan::fhir {

inline Json coded(const char* code) {
    return {{"coding", Json::array({{{"system", local_system}, {"code", code}}})}};
}

inline bool has_code(const Json& codeable, const char* code) {
    for (const Json& coding : list_of(codeable, "coding"))
        if (text_of(coding, "system") == local_system && text_of(coding, "code") == code) return true;
    return false;
}

}  // namespace careplug::plan::fhir
