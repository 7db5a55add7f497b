// Sends this computer's audit log to the exchange: in order, each entry once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/identity.h"
#include "store/audit_log.h"

namespace careplug::engine {

// As whoever did it, where that person is signed in; after some minutes as another person of the same host.
// Throws Unreachable and StoreFailure. `say` gets lines for the process log, which name nobody.
void send_audit(Exchange& exchange, AuditLog& log, const std::vector<Identity>& signed_in,
                const std::function<void(const std::string&)>& say);

}  // namespace careplug::engine
