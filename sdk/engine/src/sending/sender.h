// Sends one change, and finds out what became of it.
#pragma once

#include <string>

#include "exchange/exchange.h"
#include "exchange/identity.h"
#include "hub.h"
#include "sending/outbox.h"

namespace careplug::engine {

// Throws nothing: what is not answered is `later`.
SendResult send_change(Exchange& exchange, const Catalogue& catalogue, const Identity& identity,
                       const Change& change);

}  // namespace careplug::engine
