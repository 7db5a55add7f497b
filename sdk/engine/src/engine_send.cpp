#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>

#include <nlohmann/json.hpp>

#include "engine.h"
#include "sending/audit_sender.h"
#include "sending/sender.h"
#include "system/no_memory.h"
#include "system/times.h"

namespace careplug::engine {

void Engine::send_loop() {
    Exchange exchange(settings_.exchange, settings_.authority);
    int back_off = 1000;
    while (wait(send_wanted_, send_flag_, back_off)) {
        bool all = true;
        sending_ = true;
        try {
            // Who changes a plan says first why: the exchange takes nothing before it was told.
            all = send_all(exchange, told_exchange(exchange));
        } catch (const Unreachable&) {
            all = false;
        } catch (const std::bad_alloc&) {
            make_way(no_memory);
        } catch (const std::exception& failure) {
            all = false;
            log_.say(std::string("sending failed: ") + typeid(failure).name());
        }
        sending_ = false;
        back_off = all ? 30 * 1000 : std::min(back_off * 2, 30 * 1000);
        if (!all && back_off > 2000 && reachable_) back_off = 2000;
    }
}

bool Engine::told_exchange(Exchange& exchange) try {
    send_audit(exchange);
    return true;
} catch (const Unreachable&) {
    return false;
}

bool Engine::send_audit(Exchange& exchange) {
    // Three threads ask for it: who comes second finds sent what it would have sent again.
    const std::lock_guard one_at_a_time(sending_audit_);
    std::vector<Identity> signed_in;
    for (const auto& session : sessions())
        if (auto identity = session->identity()) signed_in.push_back(std::move(*identity));
    try {
        careplug::engine::send_audit(exchange, audit_log_, signed_in,
                                     [this](const std::string& line) { log_.say(line); });
        return true;
    } catch (const StoreFailure& failure) {
        // A log that cannot be read must hold neither what somebody wrote nor what somebody reads.
        log_.say(std::string("the audit is not sent: ") + failure.what());
        return false;
    }
}

// Each author's changes go in the order in which they were made. One that must wait holds the later ones of
// its patient, and no other's. Without a line nothing is sent, and what another engine on this store has
// queued is seen all the same.
bool Engine::send_all(Exchange& exchange, bool told) {
    bool all = true;
    std::set<std::string> authors;
    for (const auto& session : sessions()) {
        const auto identity = session->identity();
        if (!identity || !authors.insert(identity->author()).second) continue;
        try {
            // Another engine on this store may be sending them: then it does.
            const auto turn = turns_.take(identity->author());
            if (!turn) {
                all = false;
                continue;
            }
            const auto outbox = store_.list(Drawer::outbox, identity->author());
            settle_elsewhere(exchange, *identity, outbox);
            if (!told) {
                all = false;
                continue;
            }
            std::set<std::string> held;  // patients
            for (const auto& kept : outbox) {
                const Change change = read_change(kept.body);
                if (held.contains(change.digits)) continue;
                Sent sent = Sent::waits;
                try {
                    sent = send_one(exchange, session, *identity, change, kept.at);
                } catch (const StoreFailure& failure) {
                    log_.say(std::string("a change could not be settled: ") + failure.what());
                }
                if (sent == Sent::settled) continue;
                all = false;
                if (sent == Sent::nobody_answers || !control::on("H4.holds-no-other")) break;
                held.insert(change.digits);
            }
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& failure) {
            // One author's trouble holds nobody else's changes.
            all = false;
            log_.say(std::string("sending failed: ") + typeid(failure).name());
        }
    }
    return all;
}

// What another engine on this store has sent: how that ended is kept there.
void Engine::settle_elsewhere(Exchange& exchange, const Identity& identity, const std::vector<Kept>& outbox) {
    for (const auto& session : sessions()) {
        const auto theirs = session->identity();
        if (!theirs || theirs->author() != identity.author()) continue;
        for (const Change& change : session->compare_outbox(outbox)) {
            const auto outcome = store_.get({Drawer::outcome, identity.author(), change.digits, change.id});
            if (!outcome) continue;
            SendResult result = read_outcome_of_change(outcome->body);
            const auto kept_as = [&](const std::string& name) {
                const auto draft = store_.get({Drawer::draft, identity.author(), change.digits, name});
                return draft ? draft->at : 0;
            };
            if (result.kind != SendResult::Kind::done) {
                const Panel::Mode mode = mode_of(change);
                const std::int64_t beside = kept_as(aside_name(mode, change.id));
                result.aside = beside != 0;
                result.draft_kept = result.aside ? beside : kept_as(draft_name(mode));
            }
            try {
                if (result.kind == SendResult::Kind::done)
                    result.theirs_care_plan =
                        exchange.read("CarePlan/" + change.plan_id, identity.token).dump();
            } catch (const Refused&) {
                // A first submission has no plan yet.
            }
            session->change_settled(change, result);
        }
    }
}

// The work is not lost: it is the author's draft again. Where a newer draft lies in its place it lies beside
// that, and its author brings both together: what came back holds nothing that waits behind it.
void Engine::come_back(const Identity& identity, const Change& change, SendResult& result,
                       const Kept& outcome) {
    const auto in = [&](Drawer drawer, const std::string& name) {
        return Place{drawer, identity.author(), change.digits, name};
    };
    const Place place = in(Drawer::outbox, change.id);
    const std::pair<Place, Kept> ended{in(Drawer::outcome, change.id), outcome};
    const Panel::Mode mode = mode_of(change);
    result.draft_kept = now_ms();
    if (!control::on("H4.kept-when-refused")) {
        store_.put_instead({ended}, place);
        return;
    }
    const std::string draft_then = result.submission_gone ? without_submission(change.draft) : change.draft;
    const bool strip = result.inactive && mode == Panel::Mode::edit && control::on("H8.copies-removed");
    const std::string body = strip ? without_published(draft_then) : draft_then;
    const NotShared why{result.sentence, change.digits, result.draft_kept,
                        result.kind == SendResult::Kind::conflict};
    const auto kept_in = [&](const Place& draft) {
        return std::vector<std::pair<Place, Kept>>{
            {draft, {draft.name, not_shared_draft(body, why), result.draft_kept}}, ended};
    };
    const Place draft = in(Drawer::draft, draft_name(mode));
    if (mode == Panel::Mode::state || !control::on("H4.beside-a-newer-draft")) {
        store_.put_instead(kept_in(draft), place);
    } else if (!store_.put_instead_over(kept_in(draft), place, draft, 0)) {
        result.aside = true;
        store_.put_instead(kept_in(in(Drawer::draft, aside_name(mode, change.id))), place);
    }
}

// The exchange believes a relationship for as long as the data set says: what waited long for a line is sent
// with the basis said again.
void Engine::claim_again(Exchange& exchange, const Identity& identity, Change& change) {
    const std::int64_t lasts = plan::open_for_ms(catalogue_.main(), identity.actor, change.basis);
    if (lasts == 0 || now_ms() - change.claimed < lasts / 4) return;
    plan::AuditRecord record;
    record.id = random_uuid();
    record.kind = plan::audit_kind::open;
    record.when = iso_time(now_ms());
    record.actor = identity.actor;
    record.patients = {change.digits};
    record.basis = change.basis;
    record.reason = change.reason;
    record.detail = "to send what waited";
    audit_log_.append(plan::fhir::write_audit_event(record).dump(), now_ms());
    change.claimed = now_ms();
    send_audit(exchange);
}

Engine::Sent Engine::send_one(Exchange& exchange, const std::shared_ptr<Session>& session,
                              const Identity& identity, Change change, std::int64_t queued) {
    const Place place{Drawer::outbox, identity.author(), change.digits, change.id};
    const std::int64_t claimed = change.claimed;
    claim_again(exchange, identity, change);
    SendResult result = send_change(exchange, catalogue_, identity, change);
    if (result.kind == SendResult::Kind::later) {
        if (!change.attempted || change.claimed != claimed) {
            change.attempted = true;
            store_.put(place, write_change(change), queued);
        }
        if (result.identity_refused) session->identity_refused(identity.token, result.sentence);
        poll_soon();
        return result.identity_refused || result.unreachable ? Sent::nobody_answers : Sent::waits;
    }
    // In one step with the end of the wait: whoever asks finds the change waiting, or how it ended.
    const Kept ended{change.id, write_outcome(result), now_ms()};
    if (result.kind == SendResult::Kind::done || change.intent == accept_intent)
        store_.put_instead({{{Drawer::outcome, identity.author(), change.digits, change.id}, ended}}, place);
    else
        come_back(identity, change, result, ended);
    for (const auto& one : sessions()) {
        const auto theirs = one->identity();
        if (one != session && !(theirs && theirs->author() == identity.author())) continue;
        try {
            one->change_settled(change, result);
        } catch (const std::bad_alloc&) {
            // How it ended is on disk: the next engine tells the session.
            throw;
        } catch (const std::exception& failure) {
            log_.say(std::string("a session could not be told of a change: ") + typeid(failure).name());
        }
    }
    return Sent::settled;
}

}  // namespace careplug::engine
