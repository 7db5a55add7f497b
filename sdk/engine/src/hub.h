// What a session needs of the engine: shared parts, and threads that do the network.
#pragma once

#include <atomic>
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

// How this engine came to run, for sessions and for a page of the administrator.
struct EngineFacts {
    std::int64_t started = 0;    // milliseconds since 1970
    std::uint32_t restarts = 0;  // of engines of the same host that ended or hung
    std::uint32_t upgrades = 0;  // of engines of the same host that made way for another
    bool upgrade = false;        // this one took over from one that still ran
    bool safe_mode = false;
    std::string sandbox;       // what holds and what this system lacks
    std::string audit_broken;  // where this computer's audit log does not hold; empty where it does
};

class Hub {
public:
    virtual ~Hub() = default;
    virtual const EngineFacts& facts() const = 0;
    virtual std::atomic<std::uint64_t>& calls() = 0;  // of hosts, since it started
    virtual const Settings& settings() const = 0;
    virtual const Catalogue& catalogue() const = 0;
    virtual Store& store() = 0;
    virtual AuditLog& audit_log() = 0;
    // True for the first who asks: that the log does not hold is told to the exchange once by each engine.
    virtual bool first_to_tell_of_log() = 0;
    // What waits of it, before anything is read for which the exchange must know why. False where what
    // waits could not be read: the exchange may then withhold what is asked. Throws Unreachable.
    virtual bool send_audit(Exchange& exchange) = 0;
    virtual const Sealer& sealer() const = 0;
    virtual Log& log() = 0;
    // Whether the last request was answered, and when that was.
    virtual bool reachable() const = 0;
    virtual std::int64_t last_answer() const = 0;
    virtual void poll_soon() = 0;
    virtual void send_soon() = 0;
    // This engine can no longer serve: it ends, and the loader starts another.
    [[noreturn]] virtual void make_way(const std::string& reason) = 0;
    virtual void run(Job job) = 0;  // soon, on a thread that may wait for the network
};

}  // namespace careplug::engine
