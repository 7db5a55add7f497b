// Invented plans for the invented people: what a board meets, from DNACPR to an overdue review.
#pragma once

#include <careplug/plan/fhir.h>

#include <optional>

#include "people.h"

namespace careplug::sim {

struct SeedPlan {
    plan::fhir::Revision revision;  // its author signs the publish
    plan::fhir::Subject subject;
    // What became of it since: every host meets one that is suspended, one that is closed, and one with a
    // nurse's change that waits to be approved.
    std::optional<plan::PlanAct> act;
    std::optional<plan::fhir::Revision> submission;
};

// The plan of one person. Ids follow from seed and person, so that seeding again finds what is there.
// `today` is YYYY-MM-DD.
SeedPlan make_plan(const Population& population, std::size_t person, std::uint64_t seed,
                   const plan::DataSet& data_set, const std::string& today);

}  // namespace careplug::sim
