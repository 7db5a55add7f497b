// What a patient suggests on its way to the exchange, and what a clinician answers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/identity.h"
#include "hub.h"
#include "sending/outbox.h"

namespace careplug::engine {

// The exchange refused a write: to be sent again, or back to its author.
SendResult not_accepted(const Refused& refused);

// The Tasks that a patient's change proposes: an array.
nlohmann::json proposed(const Change& change);
void add_proposed(const Change& change, nlohmann::json& transaction);
// The patient's proposals that this revision holds are answered in the transaction that publishes it.
void add_taken(Exchange& exchange, const Catalogue& catalogue, const Identity& identity, const Change& change,
               const std::vector<std::string>& ids, nlohmann::json& transaction);
// A patient's change that is suggestions alone: the plan stays as it is.
SendResult send_proposals(Exchange& exchange, const Identity& identity, const Change& change);
// A proposal that is declined, or taken back by its author.
SendResult decide_proposal(Exchange& exchange, const Catalogue& catalogue, const Identity& identity,
                           const Change& change, const std::string& reason);

}  // namespace careplug::engine
