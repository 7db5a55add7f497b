// Who looked at a person's plan, for that person: events of the audit, as the exchange gives them, brought
// together to visits and in plain words.
#pragma once

#include <careplug/plan/audit.h>
#include <careplug/plan/data_set.h>
#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "exchange/exchange.h"

namespace careplug::engine {

// Every event of this person that the exchange gives this reader. Throws what Exchange does, and BadAnswer
// for an event that cannot be read: what is left out would look as if nobody had been there.
std::vector<plan::AuditRecord> fetch_looks(Exchange& exchange, const std::string& token,
                                           const std::string& digits);

// Document `looked_at` of a panel's view, newest first. The data set says how long an opening is good.
nlohmann::json draw_looks(std::vector<plan::AuditRecord> events, const plan::DataSet& data_set,
                          const plan::Actor& reader);
// The same where it could not be found out, which is never the same as nobody.
nlohmann::json draw_unknown_looks(const std::string& why);

}  // namespace careplug::engine
