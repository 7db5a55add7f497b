// What the published revision of a plan says, with the notes of urgent contacts, as the exchange gives it.
#pragma once

#include <careplug/plan/plan.h>

#include <string>

#include "editing/panel.h"
#include "exchange/exchange.h"
#include "settings/catalogue.h"

namespace careplug::engine {

// Throws what the exchange throws, and std::invalid_argument where the revision cannot be read.
Content fetch_content(Exchange& exchange, const std::string& token, const plan::Plan& plan,
                      const plan::DataSet& data_set, const Catalogue& catalogue);

}  // namespace careplug::engine
