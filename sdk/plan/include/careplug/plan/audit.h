// Who looked at what, and why: one event, and how it travels as a FHIR AuditEvent (docs/fhir.md). The engine
// writes it, the exchange keeps it, `careplug audit` reads it.
#pragma once

#include <careplug/plan/role.h>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plan {

namespace audit_kind {
inline constexpr const char* board = "board";    // a list with flags was loaded; one for all its rows
inline constexpr const char* open = "open";      // a record, with the basis of it
inline constexpr const char* read = "read";      // what a plan says was shown
inline constexpr const char* reveal = "reveal";  // a masked answer
inline constexpr const char* edit = "edit";      // a draft was begun
inline constexpr const char* submit = "submit";  // what was done to the plan stands in the detail
inline constexpr const char* flag = "flag";      // what a reader did about a flag
inline constexpr const char* break_glass = "break-glass";  // the plan was opened in an emergency
inline constexpr const char* audit = "audit";              // the audit was read; how it was searched
inline constexpr const char* log_broken = "log-broken";    // a computer's own log was changed
}  // namespace audit_kind

// Bytes of a reason, a detail or a site.
inline constexpr std::size_t longest_audit_text = 1000;

struct AuditRecord {
    std::string id;  // UUID
    std::string kind;
    std::string when;  // FHIR instant, of the computer where it happened
    Actor actor;
    std::vector<std::string> patients;  // NHS numbers
    std::string basis;                  // of open and break-glass
    std::string reason;                 // in the person's words
    std::string detail;                 // link id, intent; no answer and no name
    std::string site;                   // workstation
    std::string log;                    // the log that it comes from, and its place there, so that gaps show
    std::int64_t log_sequence = 0;
};

bool known_audit_kind(std::string_view kind);

// The place of an event in the exchange's chain.
struct ChainLink {
    std::int64_t sequence = 0;
    std::string previous;  // hash
    std::string received;  // instant, of the exchange
    std::string sent_by;   // words; empty where it was the person itself
    std::string hash;
};

namespace fhir {

nlohmann::json write_audit_event(const AuditRecord& record);
// Throws std::invalid_argument with a sentence for what is no event of this kind.
AuditRecord read_audit_event(const nlohmann::json& audit_event);

// The first event's `previous` is the hash of this.
inline constexpr const char* chain_begins = "careplug";

void put_link(nlohmann::json& audit_event, const ChainLink& link);
ChainLink link_of(const nlohmann::json& audit_event);
// What the hash of a link is made of: all of the event but the hash itself and what a server adds.
std::string chained_text(nlohmann::json audit_event);

}  // namespace fhir

}  // namespace careplug::plan
