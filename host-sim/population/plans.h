// Invented plans for the invented people: what a board meets, from DNACPR to an overdue review.
#pragma once

#include <careplug/plan/fhir.h>

#include "people.h"

namespace careplug::sim {

struct SeedPlan {
    plan::fhir::Revision revision;  // its author signs the publish
    plan::fhir::Subject subject;
};

// The plan of one person. Ids follow from seed and person, so that seeding again finds what is there.
// `today` is YYYY-MM-DD.
SeedPlan make_plan(const Population& population, std::size_t person, std::uint64_t seed,
                   const plan::DataSet& data_set, const std::string& today);

}  // namespace careplug::sim
