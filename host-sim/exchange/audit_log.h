// Who looked at what: AuditEvents, appended and never changed, each chained to the one before by its hash
// (hazard H9). What raises an alert also writes a Communication for the privacy officer, which names the
// event and no patient.
#pragma once

#include <careplug/plan/audit.h>

#include "events.h"
#include "message.h"

namespace careplug::exchange {

class AuditLog {
public:
    AuditLog(Store& store, Events& events, std::string base)
        : store_(store), events_(events), base_(std::move(base)) {}

    // PUT AuditEvent/ID, or POST. The agent is the token's person, or another of the same host whose events
    // this one sends. Sent again it is the same event; another with its id is refused.
    Response append(const Request& request, const plan::Actor& actor);

private:
    Store& store_;
    Events& events_;
    std::string base_;
};

// By which a reader's openings of a person's record are found again.
Term claim_of(const plan::Actor& actor, const std::string& nhs_number, const std::string& basis);

}  // namespace careplug::exchange
