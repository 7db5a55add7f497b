#include "sending/audit_sender.h"

#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/store.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::size_t at_once = 200;
constexpr std::int64_t left_to_the_doer_ms = 10 * 60 * 1000;

const Identity* who_may_send(const plan::AuditRecord& record, std::int64_t age,
                             const std::vector<Identity>& signed_in) {
    const Identity* found = nullptr;
    for (const auto& one : signed_in) {
        if (one.actor.issuer != record.actor.issuer) continue;
        if (one.actor.subject == record.actor.subject) return &one;
        found = &one;
    }
    // The doer may be at work in another program on this same store: what somebody else tells opens nothing
    // for them.
    return age < left_to_the_doer_ms ? nullptr : found;
}

// What could not be marked is sent again, which the exchange takes for the same.
void confirm(AuditLog& log, std::int64_t sequence, const std::function<void(const std::string&)>& say) {
    try {
        log.confirm(sequence);
    } catch (const StoreFailure& failure) {
        say(failure.what());
    }
}

// False where nothing more can be sent now.
bool send_row(Exchange& exchange, AuditLog& log, const AuditRow& row, const std::vector<Identity>& signed_in,
              const std::function<void(const std::string&)>& say) {
    plan::AuditRecord record;
    try {
        record = plan::fhir::read_audit_event(plan::fhir::parse(row.body));
    } catch (const std::exception&) {
        say("entry " + std::to_string(row.sequence) + " of the audit log cannot be read and is not sent");
        confirm(log, row.sequence, say);
        return true;
    }
    const Identity* as = who_may_send(record, now_ms() - row.at, signed_in);
    if (as == nullptr) return true;
    record.log = log.id();
    record.log_sequence = row.sequence;
    const Answer answer = exchange.send("PUT", "AuditEvent/" + record.id, as->token,
                                        plan::fhir::write_audit_event(record).dump());
    // A sign-in that has ended, a server that keeps no audit, or one that is asked too much: it waits.
    for (const int later : {401, 404, 405, 408, 429})
        if (answer.status == later) return false;
    if (answer.status >= 300)
        say("entry " + std::to_string(row.sequence) +
            " of the audit log was refused by the exchange: " + std::to_string(answer.status));
    confirm(log, row.sequence, say);
    return true;
}

}  // namespace

void send_audit(Exchange& exchange, AuditLog& log, const std::vector<Identity>& signed_in,
                const std::function<void(const std::string&)>& say) {
    if (signed_in.empty()) return;
    std::int64_t last = 0;
    for (auto rows = log.not_sent(at_once); !rows.empty(); rows = log.not_sent(at_once, last)) {
        last = rows.back().sequence;
        for (const AuditRow& row : rows)
            if (!send_row(exchange, log, row, signed_in, say)) return;
    }
}

}  // namespace careplug::engine
