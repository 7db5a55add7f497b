// Whether the exchange's audit is whole: each event is chained to the one before by its hash.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::tools {

struct ChainVerdict {
    std::vector<std::string> faults;   // sentences that say where it breaks
    std::vector<std::string> notices;  // what of the computers' own logs has not arrived
    std::int64_t length = 0;
    std::string head;  // hash of the last event
    bool whole() const { return faults.empty(); }
};

// Of all AuditEvents, oldest first. `expected` is SEQUENCE:HASH as noted down before, or empty: what a former
// check saw must still stand there, so that nobody can have written the whole chain anew.
ChainVerdict verify_chain(const std::vector<nlohmann::json>& events, const std::string& expected);

}  // namespace careplug::tools
