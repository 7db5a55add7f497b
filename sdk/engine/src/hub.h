// What a session needs of the engine: shared parts, and threads that do the network.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "exchange/exchange.h"
#include "settings/catalogue.h"
#include "settings/settings.h"
#include "store/audit_log.h"
#include "store/store.h"
#include "system/log.h"

namespace careplug::engine {

using Job = std::function<void(Exchange&)>;

class Hub {
public:
    virtual ~Hub() = default;
    virtual const Settings& settings() const = 0;
    virtual const Catalogue& catalogue() const = 0;
    virtual Store& store() = 0;
    virtual AuditLog& audit_log() = 0;
    // What waits of it, before anything is read for which the exchange must know why. Throws Unreachable.
    virtual void send_audit(Exchange& exchange) = 0;
    virtual const Sealer& sealer() const = 0;
    virtual Log& log() = 0;
    // Whether the last request was answered, and when that was.
    virtual bool reachable() const = 0;
    virtual std::int64_t last_answer() const = 0;
    virtual void poll_soon() = 0;
    virtual void send_soon() = 0;
    virtual void run(Job job) = 0;  // soon, on a thread that may wait for the network
};

}  // namespace careplug::engine
