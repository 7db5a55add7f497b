// FHIR values and codings.
#pragma once

#include <careplug/plan/answers.h>
#include <nlohmann/json_fwd.hpp>

namespace careplug::plan::fhir {

nlohmann::json write_coding(const Coding& coding);
// {"valueCoding": {...}}, {"valueString": "..."} ...
nlohmann::json write_value(const Value& value);

}  // namespace careplug::plan::fhir
