// A write of a plan whose content its writer may not see changes the plan's state alone.
#pragma once

#include "data_sets.h"
#include "parsed_bodies.h"
#include "writing.h"

namespace careplug::exchange {

// All but the state stays as it is kept, and the plan's Flags follow from what it says. A write that does
// more is refused: Problem 422.
void keep_withheld_content(const plan::Actor& actor, const DataSets& data_sets, Transaction& transaction,
                           ParsedBodies& bodies, std::vector<WriteRequest>& requests);

}  // namespace careplug::exchange
