// The host's record of a patient as the FHIR Bundle that the engine asks for (request `record`).
#pragma once

#include "people.h"

#include <string>

namespace careplug::sim {

// A list that the host could not read is left out; none known is an assertion of its own (hazard H14).
std::string record_bundle(const Person& person);

}  // namespace careplug::sim
