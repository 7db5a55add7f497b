// Who looked at what in a session: on disk before it is shown (hazard H9).
#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plans/names.h"
#include "session/session.h"
#include "system/fixed_text.h"
#include "system/times.h"

namespace careplug::engine {

namespace kind = plan::audit_kind;

void Session::audit(const char* what, const std::vector<std::string>& patients, const AuditWords& words) {
    if (!identity_) return;
    plan::AuditRecord record;
    record.id = random_uuid();
    record.kind = what;
    record.when = iso_time(now_ms());
    record.actor = identity_->actor;
    record.patients = patients;
    record.basis = words.basis;
    record.reason = cut(words.reason, plan::longest_audit_text);
    record.detail = cut(words.detail, plan::longest_audit_text);
    record.site = cut(site_, plan::longest_audit_text);
    hub_.audit_log().append(plan::fhir::write_audit_event(record).dump(), now_ms());
    hub_.send_soon();
}

// A full disk must not hide a decision, and the exchange keeps its own record of who asked it.
bool Session::audit_if_possible(const char* what, const std::vector<std::string>& patients,
                                const AuditWords& words) {
    try {
        audit(what, patients, words);
        return true;
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("not in the audit: ") + failure.what());
        return false;
    }
}

// One event for a load of the board, whatever it shows of how many.
void Session::audit_board() {
    if (!identity_) return;
    std::set<std::string> shown;
    for (const auto& key : watched_)
        if (const auto checked = check_key(key); checked.reason == 0) shown.insert(checked.digits);
    const bool others = std::any_of(shown.begin(), shown.end(),
                                    [&](const auto& digits) { return !on_board_.contains(digits); });
    on_board_ = shown;
    if (others) audit_if_possible(kind::board, {shown.begin(), shown.end()}, {});
}

std::string Session::audit_sentence() const {
    const std::string& broken = hub_.facts().audit_broken;
    if (broken.empty() || !control::on("H9.broken-log-told")) return {};
    return "The record of who looked at plans on this computer does not hold (" + broken +
           "). Tell your privacy officer; plans and drafts are not affected.";
}

// As an event of that same log: the exchange keeps it, and the privacy officer reads it there.
void Session::tell_of_broken_log() {
    if (audit_sentence().empty() || !hub_.first_to_tell_of_log()) return;
    audit_if_possible(kind::log_broken, {}, {"", "", hub_.facts().audit_broken});
}

// The exchange gives what a plan says to whom it was told of, and for some time: told again before that ends.
void Session::claim(OpenPatient& one) {
    const std::int64_t half = plan::open_for_ms(hub_.catalogue().main(), identity_->actor,
                                                basis_name(one.basis, identity_->actor)) /
                              2;
    if (one.claimed != 0 && boot_ms() - one.claimed < half) return;
    const AuditWords words{basis_name(one.basis, identity_->actor), one.reason, ""};
    bool told = true;
    if (one.basis == CAREPLUG_BASIS_SELF_CLAIMED)
        audit(kind::open, {one.checked.digits}, words);
    else
        told = audit_if_possible(kind::open, {one.checked.digits}, words);
    // What could not be recorded was not told either: it is tried again.
    if (told) one.claimed = boot_ms();
    one.claimed_basis = words.basis;
}

// What is sent later is sent on the basis on which it was written.
void Session::take_basis(Change& change, OpenPatient& one) {
    if (!one.no_relationship.empty() && control::on("H9.relationship-to-edit"))
        throw Problem(CAREPLUG_REFUSED_ROLE, one.no_relationship);
    claim(one);
    change.basis = one.claimed_basis;
    change.reason = one.reason;
    change.claimed = now_ms();
}

}  // namespace careplug::engine
