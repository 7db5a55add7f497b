// What this session knows: asked of the exchange for the patients that it shows, and kept on this computer.
#include <careplug/controls/controls.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sending/shared_draft.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::size_t most_remembered = 3000;
constexpr std::int64_t keep_again_ms = 60 * 1000;

}  // namespace

wire::Reply Session::watch(const wire::Patients& patients) {
    watched_.assign(patients.begin(), patients.end());
    std::set<std::string> wanted;
    for (const auto& [id, one] : patients_) wanted.insert(one.checked.digits);
    for (const auto& key : watched_)
        if (const auto checked = check_key(key); checked.reason == 0) {
            known(checked.digits);
            wanted.insert(checked.digits);
        }
    // A session that stays open for months forgets who is long gone; shown again, the store is asked.
    if (known_.size() > most_remembered) {
        const auto gone = [&](const auto& one) { return !wanted.contains(one.first); };
        std::erase_if(known_, gone);
        std::erase_if(kept_, gone);
        std::erase_if(elsewhere_, gone);
        std::erase_if(drafts_, gone);
        std::erase_if(note_drafts_, gone);
        std::erase_if(state_drafts_, gone);
        std::erase_if(asides_, gone);
    }
    // Nobody listens for changes of what is not shown: shown again, it is asked again.
    for (auto& [digits, one] : known_) {
        if (wanted.contains(digits) || !one.current) continue;
        one.current = false;
        one.reason = CAREPLUG_REASON_NOT_ASKED;
    }
    audit_board();
    wants_poll_ = true;
    publish_flags(true);
    hub_.poll_soon();
    return {};
}

Known& Session::known(const std::string& digits) {
    Known& one = known_[digits];
    if (!identity_ || one.restored) return one;
    one.restored = true;
    try {
        look_at_store(digits);
        if (const auto kept = hub_.store().get({Drawer::last_known, identity_->audience(), digits, "person"}))
            one.person = read_person(kept->body);
        if (const auto kept =
                hub_.store().get({Drawer::last_known, identity_->audience(), digits, "accepted"})) {
            // What an earlier release kept names no plan: the exchange says what was accepted.
            if (const json body = json::parse(kept->body); body.is_object()) {
                elsewhere_[digits].plan_id = body.at("plan_id");
                elsewhere_[digits].accepted = read_accepted(body.at("accepted"));
            }
        }
        if (one.answer.plan || one.current || one.person.state != Person::State::clear) return one;
        if (const auto kept = hub_.store().get({Drawer::last_known, identity_->audience(), digits, "plan"})) {
            PlanAnswer restored = resolve(read_plans(kept->body), hub_.catalogue(), true, kept->at, 0);
            if (restored.plan) {
                one.answer = std::move(restored);
                one.had_plan = true;
                one.since = kept->at;
            }
        }
    } catch (const std::exception& failure) {
        // What was kept is a help, not a condition: the exchange is asked all the same.
        hub_.log().say(std::string("what was kept cannot be read: ") + typeid(failure).name());
    }
    if (!hub_.reachable()) one.reason = CAREPLUG_REASON_UNREACHABLE;
    return one;
}

std::int64_t Session::own_draft(const std::string& digits) {
    known(digits);
    const auto found = drafts_.find(digits);
    return found == drafts_.end() ? 0 : found->second.at;
}

void Session::look_at_store(const std::string& digits) {
    for (const auto mode : {Panel::Mode::edit, Panel::Mode::note, Panel::Mode::state}) {
        Draft draft;
        if (const auto kept = hub_.store().get({Drawer::draft, author_, digits, draft_name(mode)}))
            draft = {kept->at, not_shared(kept->body).sentence};
        drafts_of(mode)[digits] = std::move(draft);
    }
    asides_[digits] = asides_of(digits);
}

Session::Waiting Session::waiting_of(const Change& change, std::int64_t since, std::string body) {
    return {change.digits, change.intent, since, change.accepted, std::move(body), change.plan_id};
}

void Session::look_at_outbox() {
    std::map<std::string, Waiting> waiting;
    for (const auto& kept : hub_.store().list(Drawer::outbox, author_)) {
        const Change change = read_change(kept.body);
        waiting[change.id] = waiting_of(change, kept.at, kept.body);
    }
    // Sent by another engine, and nobody has told the host yet how that ended.
    for (const auto& [change, operation] : operations_)
        if (const auto gone = waiting_.find(change); gone != waiting_.end())
            waiting.try_emplace(change, gone->second);
    waiting_ = std::move(waiting);
}

std::vector<Change> Session::compare_outbox(const std::vector<Kept>& outbox) {
    const std::lock_guard lock(mutex_);
    std::set<std::string> there;
    bool more = false;
    for (const Kept& kept : outbox) {
        there.insert(kept.name);
        if (waiting_.contains(kept.name)) continue;
        const Change change = read_change(kept.body);
        waiting_[change.id] = waiting_of(change, kept.at, kept.body);
        more = true;
    }
    if (more) publish_flags(false);
    std::vector<Change> gone;
    for (const auto& [id, one] : waiting_)
        if (!there.contains(id)) gone.push_back(read_change(one.body));
    return gone;
}

bool Session::queued(const std::string& digits) const {
    return std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
        return one.second.digits == digits && one.second.intent != CAREPLUG_INTENT_NOTE &&
               one.second.intent != accept_intent;
    });
}

void Session::require_may_edit() const {
    if (!plan::may_edit(identity_->actor) && !plan::may_edit_own(identity_->actor))
        throw Problem(CAREPLUG_REFUSED_ROLE, "Your role may not edit plans. " + plan::who_may_edit());
}

void Session::require_nothing_queued(const std::string& digits) const {
    if (queued(digits))
        throw Problem(CAREPLUG_REFUSED,
                      "Your last change to this plan waits to be sent: edit again once it was.");
}

void Session::require_no_draft(const std::string& digits) {
    if (const std::int64_t draft = own_draft(digits); draft != 0)
        throw Problem(CAREPLUG_REFUSED, "You have an unfinished draft of " + clock_words(draft) +
                                            ": continue it, or open it and discard it.");
}

std::vector<std::string> Session::numbers() const {
    const std::lock_guard lock(mutex_);
    std::set<std::string> numbers;
    if (!identity_) return {};
    for (const auto& key : watched_)
        if (const auto checked = check_key(key); checked.reason == 0) numbers.insert(checked.digits);
    for (const auto& [id, one] : patients_) numbers.insert(one.checked.digits);
    return {numbers.begin(), numbers.end()};
}

bool Session::take_wants_poll() {
    const std::lock_guard lock(mutex_);
    return std::exchange(wants_poll_, false) && identity_.has_value();
}

void Session::note_cpr(Known& one) {
    std::string cpr;
    if (one.answer.plan)
        for (const auto& flag : flags_of(one, hub_.catalogue(), flag_context("")))
            if (cpr.empty() && flag.slot == CAREPLUG_SLOT_CPR) cpr = flag.id;
    if (!one.cpr_seen) {
        one.cpr_seen = true;
        one.cpr_first = cpr;
    } else if (cpr == one.cpr_first) {
        one.cpr_changed = 0;
    } else if (one.cpr_changed == 0) {
        one.cpr_changed = now_ms();
    }
}

void Session::apply(const std::vector<std::string>& asked,
                    const std::map<std::string, std::vector<json>>& care_plans, std::int64_t checked,
                    std::int64_t checked_boot) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    static const std::vector<json> none;
    for (const auto& digits : asked) {
        Known& one = known(digits);
        const auto found = care_plans.find(digits);
        PlanAnswer answer = resolve(found == care_plans.end() ? none : found->second, hub_.catalogue(),
                                    one.had_plan, checked, checked_boot);
        if (answer.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN) {
            if (one.current || one.since == 0) one.since = now_ms();
            one.current = false;
            one.reason = answer.reason;
            continue;
        }
        // Versions are ordered by the plan's own revision, never by clocks.
        const bool older = answer.plan && one.answer.plan && answer.plan->id == one.answer.plan->id &&
                           answer.plan->revision < one.answer.plan->revision;
        // Asked before what is known now was read: a question that a save overtook.
        const bool overtaken = checked_boot < one.answer.checked_boot;
        const bool newer = answer.plan && one.answer.plan && answer.plan->id == one.answer.plan->id &&
                           answer.plan->revision > one.answer.plan->revision;
        if ((older || (overtaken && !newer)) && control::on("H19.by-revision")) continue;
        one.answer = std::move(answer);
        one.current = true;
        one.since = 0;
        one.had_plan = one.had_plan || one.answer.plan.has_value();
        note_cpr(one);
    }
    // A full disk must not hide a decision: first the flags.
    publish_flags(false);
    keep_last_known(asked);
    look_at_open_patients();
}

void Session::apply_failure(std::int32_t reason) {
    const std::lock_guard lock(mutex_);
    for (auto& [digits, one] : known_) {
        if (one.current || one.since == 0) one.since = now_ms();
        one.current = false;
        one.reason = reason;
    }
    publish_flags(false);
    look_at_open_patients();
}

void Session::apply_failure(std::int32_t reason, const std::vector<std::string>& numbers) {
    const std::lock_guard lock(mutex_);
    for (const auto& digits : numbers) {
        Known& one = known(digits);
        if (one.current || one.since == 0) one.since = now_ms();
        one.current = false;
        one.reason = reason;
    }
    publish_flags(false);
    look_at_open_patients();
}

void Session::exchange_state(bool reachable) {
    const std::lock_guard lock(mutex_);
    if (flags_) flags_->table().unreachable(!reachable);
    event(CAREPLUG_EVENT_EXCHANGE, reachable ? CAREPLUG_OK : CAREPLUG_REFUSED_UNREACHABLE, 0,
          reachable ? "The care plan exchange answers." : "The care plan exchange does not answer.");
    if (reachable) wants_poll_ = true;
}

void Session::keep_last_known(const std::vector<std::string>& asked) {
    std::vector<std::pair<Place, Kept>> entries;
    std::map<std::string, std::pair<std::string, std::int64_t>> kept;
    for (const auto& digits : asked) {
        const Known& one = known_[digits];
        if (!one.current) continue;
        try {
            std::string plans = write_plans(one.answer);
            const auto& [body, at] = kept_[digits];
            if (body == plans && one.answer.checked - at < keep_again_ms) continue;
            if (one.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) forget_content(digits);
            if (one.answer.plan) {
                const auto place = [&](const char* name) {
                    return Place{Drawer::last_known, identity_->audience(), digits, name};
                };
                entries.emplace_back(place("plan"), Kept{"plan", plans, one.answer.checked});
                // As long as the plan: a restricted person must not become another by the age of a row.
                entries.emplace_back(place("person"),
                                     Kept{"person", write_person(one.person), one.answer.checked});
            }
            kept[digits] = {std::move(plans), one.answer.checked};
        } catch (const std::exception& failure) {
            // What cannot be kept of one person says nothing about the others.
            hub_.log().say(std::string("what was last known is not kept: ") + typeid(failure).name());
        }
    }
    try {
        hub_.store().put_all(entries);
        for (auto& [digits, one] : kept) kept_[digits] = std::move(one);
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("what was last known is not kept: ") + failure.what());
    }
}

// Whoever kept it on this computer: it must not be shown any more (hazard H8).
void Session::forget_content(const std::string& digits) {
    if (!control::on("H8.copies-removed")) return;
    hub_.store().remove_all(Drawer::last_known, digits, "revision");
    hub_.store().remove_all(Drawer::last_known, digits, "plan");
    for (const auto& name : {std::string(draft_name(Panel::Mode::edit)), aside_name(Panel::Mode::edit, "*")})
        hub_.store().rewrite_all(Drawer::draft, digits, name, without_published);
    for (const auto& name : {copy_place("", "").name, over_name("*")})
        hub_.store().rewrite_all(Drawer::draft, digits, name, without_items);
    hub_.store().leave_no_trace();
}

}  // namespace careplug::engine
