// A patient's own edit, as the exchange completes it: they never saw what is withheld from them, so their
// revision gets it from the published one, and the plan's summary and Flags follow from the whole (H17).
#pragma once

#include "parsed_bodies.h"
#include "writing.h"

namespace careplug::exchange {

// Rewrites what a patient asks to be written; throws Problem for what a patient may not write at all.
void complete_own_edit(const plan::Actor& actor, const DataSets& data_sets, Transaction& transaction,
                       ParsedBodies& bodies, std::vector<WriteRequest>& requests);

}  // namespace careplug::exchange
