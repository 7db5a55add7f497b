// Who wrote what: from the verified identity, never from a body.
#pragma once

#include "rules.h"

namespace careplug::exchange {

// One Provenance for all that a transaction changed; nothing when it changed nothing.
void write_provenance(Transaction& transaction, const plan::Actor& actor, const std::vector<Written>& writes);

}  // namespace careplug::exchange
