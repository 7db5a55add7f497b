// What lies outside the Questionnaire subset of docs/questionnaire-subset.md. Whoever fills in a form must
// know all of it: what is not known here is named, never passed over.
#pragma once

#include <careplug/plan/data_set.h>

#include "json_reading.h"

namespace careplug::plan {

// Why this item cannot be asked, apart from its place in the form; empty where it can.
std::string outside_subset(const Json& item, const Field& field);

// Why this item cannot stand where it does: `group` holds it.
std::string misplaced(const Field& field, const Field* group);

// What the Questionnaire itself says that no form here does; empty where there is nothing.
std::string outside_subset(const Json& questionnaire);

// FHIR: whoever does not know a modifier must not use what it modifies. Throws std::invalid_argument.
void refuse_modifiers(const Json& questionnaire);

}  // namespace careplug::plan
