#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>

#include <nlohmann/json.hpp>

#include "engine.h"
#include "sending/audit_sender.h"
#include "sending/sender.h"
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
            send_audit_if_possible(exchange);
            all = send_all(exchange);
        } catch (const Unreachable&) {
            all = false;
        } catch (const std::exception& failure) {
            all = false;
            log_.say(std::string("sending failed: ") + typeid(failure).name());
        }
        sending_ = false;
        back_off = all ? 30 * 1000 : std::min(back_off * 2, 30 * 1000);
        if (!all && back_off > 2000 && reachable_) back_off = 2000;
    }
}

// A log that cannot be read must not hold what somebody wrote.
void Engine::send_audit_if_possible(Exchange& exchange) {
    try {
        send_audit(exchange);
    } catch (const StoreFailure& failure) {
        log_.say(std::string("the audit is not sent: ") + failure.what());
    }
}

void Engine::send_audit(Exchange& exchange) {
    // Three threads ask for it: who comes second finds sent what it would have sent again.
    const std::lock_guard one_at_a_time(sending_audit_);
    std::vector<Identity> signed_in;
    for (const auto& session : sessions())
        if (auto identity = session->identity()) signed_in.push_back(std::move(*identity));
    careplug::engine::send_audit(exchange, audit_log_, signed_in,
                                 [this](const std::string& line) { log_.say(line); });
}

// Each author's changes go in the order in which they were made; one that must wait holds the later ones.
bool Engine::send_all(Exchange& exchange) {
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
            for (const auto& kept : outbox) {
                if (send_one(exchange, session, *identity, kept)) continue;
                all = false;
                break;
            }
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
            const auto draft =
                store_.get({Drawer::draft, identity.author(), change.digits, draft_name(mode_of(change))});
            if (result.kind != SendResult::Kind::done && draft) result.draft_kept = draft->at;
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

bool Engine::send_one(Exchange& exchange, const std::shared_ptr<Session>& session, const Identity& identity,
                      const Kept& kept) {
    Change change = read_change(kept.body);
    const Place place{Drawer::outbox, identity.author(), change.digits, change.id};
    const std::int64_t claimed = change.claimed;
    claim_again(exchange, identity, change);
    SendResult result = send_change(exchange, catalogue_, identity, change);
    if (result.kind == SendResult::Kind::later) {
        if (!change.attempted || change.claimed != claimed) {
            change.attempted = true;
            store_.put(place, write_change(change), kept.at);
        }
        if (result.identity_refused) session->identity_refused(identity.token, result.sentence);
        poll_soon();
        return false;
    }
    // In one step with the end of the wait: whoever asks finds the change waiting, or how it ended.
    const Place outcome{Drawer::outcome, identity.author(), change.digits, change.id};
    const Kept ended{change.id, write_outcome(result), now_ms()};
    if (result.kind == SendResult::Kind::done || change.intent == accept_intent) {
        store_.put_instead({{outcome, ended}}, place);
    } else {
        // The work is not lost: it is the author's draft again, as soon as no other draft lies in its place.
        const Panel::Mode mode = mode_of(change);
        const Place draft{Drawer::draft, identity.author(), change.digits, draft_name(mode)};
        if (mode != Panel::Mode::state && store_.get(draft)) return false;
        result.draft_kept = now_ms();
        if (!control::on("H4.kept-when-refused"))
            store_.put_instead({{outcome, ended}}, place);
        else
            store_.put_instead(
                {{draft,
                  {draft.name,
                   not_shared_draft(change.draft, {result.sentence, change.digits, result.draft_kept}),
                   result.draft_kept}},
                 {outcome, ended}},
                place);
    }
    for (const auto& one : sessions()) {
        const auto theirs = one->identity();
        if (one != session && !(theirs && theirs->author() == identity.author())) continue;
        try {
            one->change_settled(change, result);
        } catch (const std::exception& failure) {
            log_.say(std::string("a session could not be told of a change: ") + typeid(failure).name());
        }
    }
    return true;
}

}  // namespace careplug::engine
