// Answers from a host's record (a FHIR Bundle of Patient, AllergyIntolerance, MedicationStatement,
// Condition, Practitioner, Organization). An absent list is "not known", never "none" (hazard H14).
#pragma once

#include <careplug/plan/data_set.h>
#include <nlohmann/json_fwd.hpp>

namespace careplug::plan {

// Answers for the data set's prefill fields that the record can give, defaults of the data set for the
// rest. row ids are derived from the record's ids, so that the same record gives the same answers.
Answers prefill(const DataSet& data_set, const nlohmann::json& record_bundle, const struct Actor& actor,
                const std::string& now);

}  // namespace careplug::plan
