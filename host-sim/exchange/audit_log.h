// Who looked at what: AuditEvents, appended and never changed, each chained to the one before by its hash
// (hazard H9). What raises an alert also writes a Communication for the privacy officer, which names the
// event and no patient.
#pragma once

#include <careplug/plan/audit.h>

#include <chrono>
#include <map>
#include <mutex>

#include "events.h"
#include "message.h"
#include "search_query.h"

namespace careplug::exchange {

class AuditLog {
public:
    AuditLog(Store& store, Events& events, std::string base)
        : store_(store), events_(events), base_(std::move(base)) {}

    // PUT AuditEvent/ID, or POST. The agent is the token's person, or another of the same host whose events
    // this one sends. Sent again it is the same event; another with its id is refused.
    Response append(const Request& request, const plan::Actor& actor);
    // What a privacy officer asks of the audit is an event of it too, before it is answered. The pages of an
    // answer belong to their first.
    void note_reading(const Request& request, const QueryParameters& parameters, const plan::Actor& actor);

private:
    bool goes_on(const Request& request, const QueryParameters& parameters, const plan::Actor& actor);

    std::mutex mutex_;
    std::map<std::string, std::chrono::steady_clock::time_point> asked_;  // by person and what is read
    Store& store_;
    Events& events_;
    std::string base_;
};

// By which a reader's openings of a person's record are found again.
Term claim_of(const plan::Actor& actor, const std::string& nhs_number, const std::string& basis);

}  // namespace careplug::exchange
