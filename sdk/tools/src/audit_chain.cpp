#include "audit_chain.h"

#include <careplug/package/hex.h>
#include <careplug/plan/audit.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace careplug::tools {

namespace {

using nlohmann::json;

std::string hash_of(std::string_view text) {
    return package::hex_of(package::sha256(text));
}

// Every computer counts the events of its own log: a number that is missing here was never sent, or waits.
void look_for_gaps(const std::vector<json>& events, ChainVerdict& verdict) {
    std::map<std::string, std::set<std::int64_t>> logs;
    for (const json& event : events) try {
            const auto record = plan::fhir::read_audit_event(event);
            if (!record.log.empty()) logs[record.log].insert(record.log_sequence);
            if (record.kind == plan::audit_kind::log_broken)
                verdict.notices.push_back(
                    "At " + record.when + " the computer " + (record.site.empty() ? "" : record.site + " ") +
                    "said that its own log " + record.log + " does not hold: " + record.detail +
                    ". Take a copy of its store before anything else, find out who could write there, and "
                    "compare what it tells with the events of this chain: what had arrived here before is "
                    "not "
                    "affected.");
        } catch (const std::invalid_argument&) {
            // named by its place in the chain
        }
    for (const auto& [log, numbers] : logs) {
        const auto missing = *numbers.rbegin() - static_cast<std::int64_t>(numbers.size());
        if (missing > 0)
            verdict.notices.push_back("Of the computer's log " + log + " " + std::to_string(missing) +
                                      " events up to number " + std::to_string(*numbers.rbegin()) +
                                      " have not arrived: they wait there, or were taken out.");
    }
}

}  // namespace

ChainVerdict verify_chain(const std::vector<json>& events, const std::string& expected) {
    ChainVerdict verdict;
    verdict.head = hash_of(plan::fhir::chain_begins);
    bool expected_seen = expected.empty();
    for (const json& event : events) {
        const auto link = plan::fhir::link_of(event);
        const std::int64_t place = verdict.length + 1;
        const std::string name = "event " + std::to_string(place) + " (AuditEvent/" +
                                 event.value("id", std::string("without id")).substr(0, 64) + ")";
        if (link.sequence != place)
            verdict.faults.push_back("The chain breaks at " + name + ": it says that it is number " +
                                     std::to_string(link.sequence) + ", so events were taken out or put in.");
        else if (link.previous != verdict.head)
            verdict.faults.push_back("The chain breaks at " + name +
                                     ": it does not follow the event before it.");
        else if (hash_of(plan::fhir::chained_text(event)) != link.hash)
            verdict.faults.push_back("The chain breaks at " + name + ": it was changed after it was kept.");
        verdict.length = place;
        verdict.head = link.hash;
        if (expected == std::to_string(place) + ":" + link.hash) expected_seen = true;
        // What follows a break is compared with nothing that can be relied on.
        if (!verdict.faults.empty()) break;
    }
    if (verdict.faults.empty() && !expected_seen)
        verdict.faults.push_back(
            "The chain does not hold the event that was expected: it is shorter than it was, or was written "
            "anew.");
    look_for_gaps(events, verdict);
    return verdict;
}

}  // namespace careplug::tools
