#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::size_t most_remembered = 3000;
constexpr std::int64_t keep_again_ms = 60 * 1000;

// Text into a fixed field, cut between characters.
template <std::size_t size>
void put_text(std::uint8_t (&field)[size], const std::string& text) {
    std::size_t length = std::min(text.size(), size - 1);
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    std::memcpy(field, text.data(), length);
}

const char* slot_name(int slot) {
    static constexpr const char* names[] = {"knowledge", "cpr", "legal", "treatment", "medicines", "status"};
    return slot >= 0 && slot < static_cast<int>(std::size(names)) ? names[slot] : "status";
}

}  // namespace

const char* knowledge_name(std::int32_t knowledge) {
    static constexpr const char* names[] = {"not-known", "no-plan", "plan", "suspended", "closed", "removed"};
    return knowledge >= 0 && knowledge < static_cast<std::int32_t>(std::size(names)) ? names[knowledge]
                                                                                     : names[0];
}

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
        std::erase_if(drafts_, gone);
        std::erase_if(note_drafts_, gone);
        std::erase_if(state_drafts_, gone);
    }
    // Nobody listens for changes of what is not shown: shown again, it is asked again.
    for (auto& [digits, one] : known_) {
        if (wanted.contains(digits) || !one.current) continue;
        one.current = false;
        one.reason = CAREPLUG_REASON_NOT_ASKED;
    }
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
        if (one.answer.plan || one.current) return one;
        if (const auto kept = hub_.store().get({Drawer::last_known, identity_->audience(), digits, "plan"})) {
            PlanAnswer restored = resolve({json::parse(kept->body)}, hub_.catalogue(), true, kept->at, 0);
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
}

void Session::look_at_outbox() {
    std::map<std::string, Waiting> waiting;
    for (const auto& kept : hub_.store().list(Drawer::outbox, author_)) {
        const Change change = read_change(kept.body);
        waiting[change.id] = {change.digits, change.intent, kept.at};
    }
    waiting_ = std::move(waiting);
}

bool Session::queued(const std::string& digits) const {
    return std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
        return one.second.digits == digits && one.second.intent != CAREPLUG_INTENT_NOTE;
    });
}

plan::FlagContext Session::flag_context(const std::string& digits) {
    plan::FlagContext context;
    context.view = plugin_->facts().view;
    context.today = today();
    if (!identity_ || digits.empty()) return context;
    add_awaiting(digits, context);
    if (const std::int64_t kept = own_draft(digits); kept != 0) {
        context.has_own_draft = true;
        context.draft_time = clock_words(kept);
    }
    for (const auto* drafts : {&drafts_, &note_drafts_, &state_drafts_}) {
        const auto draft = drafts->find(digits);
        if (draft == drafts->end() || draft->second.not_shared.empty()) continue;
        context.not_sent = "not accepted";
        context.not_sent_time = clock_words(draft->second.at);
    }
    for (const auto& [id, one] : waiting_) {
        if (one.digits != digits) continue;
        context.not_sent = "queued";
        context.not_sent_time = clock_words(one.since);
    }
    return context;
}

ShownFlags Session::shown_flags(const careplug_patient_key& key) {
    const CheckedKey checked = check_key(key);
    const auto found = known_.find(checked.digits);
    const Known* one = checked.reason == 0 && found != known_.end() ? &found->second : nullptr;
    const ShowContext context{hub_.catalogue(), plugin_->facts().view,       identity_.has_value(), now_ms(),
                              boot_ms(),        flag_context(checked.digits)};
    ShownFlags shown = show(checked, one, context);
    if (one && one->cpr_changed != 0)
        for (std::size_t at = 0; at < shown.flags.size(); ++at)
            if (shown.flags[at].slot == CAREPLUG_SLOT_CPR && (shown.states[at] & CAREPLUG_FLAG_COVERED) == 0)
                shown.states[at] |= CAREPLUG_FLAG_CHANGED;
    return shown;
}

void Session::order(std::vector<ShownFlags>& all) {
    if (!policy_) return;
    std::vector<careplug_policy_flag> flags;
    for (std::uint32_t patient = 0; patient < all.size(); ++patient) {
        for (std::size_t at = 0; at < all[patient].flags.size(); ++at) {
            const plan::Flag& flag = all[patient].flags[at];
            careplug_policy_flag out{};
            out.size = sizeof out;
            out.patient = patient;
            out.knowledge = all[patient].record.knowledge;
            out.slot = flag.slot;
            out.rank = flag.rank;
            out.state = all[patient].states[at];
            out.covered = (out.state & CAREPLUG_FLAG_COVERED) != 0 ? 1 : 0;
            put_text(out.id, flag.id);
            flags.push_back(out);
        }
    }
    const auto before = flags;
    try {
        policy_->flags(flags, now_ms());
    } catch (const PluginFailure& failure) {
        without_policy(failure);
        return;
    }
    std::size_t next = 0;
    for (std::uint32_t patient = 0; patient < all.size(); ++patient) {
        ShownFlags& shown = all[patient];
        const std::size_t first = next;
        next += shown.flags.size();
        struct Placed {
            std::int32_t order;
            std::size_t at;
        };
        std::vector<Placed> places;
        bool sound = true;
        bool knowledge = false;
        bool cpr = false;
        bool had_cpr = false;
        for (std::size_t at = 0; at < shown.flags.size(); ++at) {
            const auto& was = before[first + at];
            const auto& is = flags[first + at];
            sound = sound && is.patient == was.patient && is.slot == was.slot &&
                    is.knowledge == was.knowledge && std::memcmp(is.id, was.id, sizeof was.id) == 0;
            knowledge = knowledge || (was.slot == CAREPLUG_SLOT_KNOWLEDGE && is.covered == 0);
            had_cpr = had_cpr || was.slot == CAREPLUG_SLOT_CPR;
            cpr = cpr || (was.slot == CAREPLUG_SLOT_CPR && is.covered == 0);
            places.push_back({is.order != 0 ? is.order : static_cast<std::int32_t>(at) + 1, at});
        }
        // What is known, and the CPR decision of a plan, are never covered or pushed off by a policy.
        if (!sound || !knowledge || (had_cpr && !cpr)) {
            if (!shown.flags.empty())
                hub_.log().say("the policy dropped what must be shown: the engine's order is used");
            continue;
        }
        std::stable_sort(places.begin(), places.end(),
                         [](const Placed& a, const Placed& b) { return a.order < b.order; });
        bool seen_knowledge = false;
        bool seen_cpr = !had_cpr;
        for (std::size_t to = 0; to < places.size() && to < CAREPLUG_FLAGS_MAX; ++to) {
            const auto& flag = flags[first + places[to].at];
            seen_knowledge = seen_knowledge || (flag.slot == CAREPLUG_SLOT_KNOWLEDGE && flag.covered == 0);
            seen_cpr = seen_cpr || (flag.slot == CAREPLUG_SLOT_CPR && flag.covered == 0);
        }
        if (!seen_knowledge || !seen_cpr) continue;
        ShownFlags sorted = shown;
        for (std::size_t to = 0; to < places.size(); ++to) {
            sorted.flags[to] = shown.flags[places[to].at];
            sorted.states[to] = shown.states[places[to].at] & ~CAREPLUG_FLAG_COVERED;
            if (flags[first + places[to].at].covered != 0) sorted.states[to] |= CAREPLUG_FLAG_COVERED;
        }
        shown = std::move(sorted);
    }
}

wire::Reply Session::take_table(const wire::Message& message) {
    const auto told = wire::decode_table(message.payload);
    if (!told || message.descriptors.size() != 1)
        throw Problem(
            CAREPLUG_REFUSED_ARGUMENT,
            "The loader's table of flags cannot be read: install loader and engine of one release.");
    try {
        auto taken = std::make_unique<wire::FlagMemory>(*told, message.descriptors.front());
        std::swap(flags_, taken);
    } catch (const wire::NoFlagMemory& none) {
        throw Problem(none.status(), none.what());
    }
    flags_->table().beat(boot_ms());
    flags_->table().unreachable(!hub_.reachable());
    publish_flags(true);
    return {};
}

void Session::let_go_of_table() {
    const std::lock_guard lock(mutex_);
    flags_.reset();
}

std::uint32_t Session::word(const plan::Flag& flag) {
    careplug_word_record record{};
    record.size = sizeof record;
    record.slot = flag.slot;
    put_text(record.id, flag.id);
    put_text(record.words, flag.short_words);
    return flags_->table().word(record);
}

void Session::publish_flags(bool replace) {
    if (!flags_) return;
    wire::FlagTableWriter& table = flags_->table();
    std::vector<ShownFlags> all;
    for (const auto& key : watched_) all.push_back(shown_flags(key));
    order(all);
    table.keep_only(watched_);
    table.not_known_word(word(plan::not_known_flag(
        hub_.catalogue().main(), reason_words(CAREPLUG_REASON_ENGINE), clock_words(now_ms()))));
    std::string seen;
    for (std::size_t at = 0; at < all.size(); ++at) {
        ShownFlags& shown = all[at];
        // Twelve fit; what is known and CPR stand first and never drop.
        if (shown.flags.size() > CAREPLUG_FLAGS_MAX) shown.flags.resize(CAREPLUG_FLAGS_MAX);
        wire::FlagRow row{shown.record, shown.deadline};
        row.flags.count = static_cast<std::uint32_t>(shown.flags.size());
        const auto found = known_.find(check_key(watched_[at]).digits);
        for (std::size_t flag = 0; flag < shown.flags.size(); ++flag) {
            const bool changed = (shown.states[flag] & CAREPLUG_FLAG_CHANGED) != 0 && found != known_.end();
            row.flags.flags[flag] = {word(shown.flags[flag]), shown.states[flag],
                                     changed ? found->second.cpr_changed : 0};
        }
        if (!table.put(watched_[at], row)) hub_.log().say("a patient's flags find no room in the table");
        careplug_flags_record visible = row.flags;
        visible.checked = 0;
        seen.append(reinterpret_cast<const char*>(&watched_[at]), sizeof watched_[at]);
        seen.append(reinterpret_cast<const char*>(&visible), sizeof visible);
    }
    if (seen == last_table_ && !replace) return;
    last_table_ = std::move(seen);
    ++generation_;
    event(CAREPLUG_EVENT_FLAGS, CAREPLUG_OK, 0, "", generation_);
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
        for (const auto& flag : plan::flags_of(*one.answer.data_set, *one.answer.plan, flag_context("")))
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
        if (older || (overtaken && !newer)) continue;
        one.answer = std::move(answer);
        one.current = true;
        one.since = 0;
        one.had_plan = one.had_plan || one.answer.plan.has_value();
        note_cpr(one);
    }
    keep_last_known(asked);
    publish_flags(false);
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
    try {
        for (const auto& digits : asked) {
            const Known& one = known_[digits];
            if (!one.current) continue;
            const Place place{Drawer::last_known, identity_->audience(), digits, "plan"};
            auto& [body, at] = kept_[digits];
            if (body == one.answer.care_plan && one.answer.checked - at < keep_again_ms) continue;
            if (!one.answer.plan || one.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) {
                // Whoever kept it on this computer: it must not be shown any more (hazard H8).
                hub_.store().remove_all(Drawer::last_known, digits, "revision");
                hub_.store().remove_all(Drawer::last_known, digits, "plan");
            }
            body = one.answer.care_plan;
            at = one.answer.checked;
            if (one.answer.plan) entries.emplace_back(place, Kept{"plan", body, at});
        }
        hub_.store().put_all(entries);
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("what was last known is not kept: ") + failure.what());
    }
}

wire::Reply Session::flag_details(const careplug_patient_key& key) {
    std::vector<ShownFlags> all{shown_flags(key)};
    order(all);
    const ShownFlags& shown = all.front();
    json details{{"knowledge", knowledge_name(shown.record.knowledge)}, {"flags", json::array()}};
    if (shown.record.checked != 0) details["checked"] = iso_time(shown.record.checked);
    if (shown.record.amended != 0) details["amended"] = iso_time(shown.record.amended);
    if (shown.record.revision != 0) details["revision"] = shown.record.revision;
    if (shown.record.since != 0) details["since"] = iso_time(shown.record.since);
    if (shown.record.reason != 0) details["reason"] = reason_words(shown.record.reason);
    for (std::size_t at = 0; at < shown.flags.size(); ++at) {
        const auto& flag = shown.flags[at];
        details["flags"].push_back({{"id", flag.id},
                                    {"slot", slot_name(flag.slot)},
                                    {"short", flag.short_words},
                                    {"long", flag.long_words},
                                    {"last_known", (shown.states[at] & CAREPLUG_FLAG_LAST_KNOWN) != 0},
                                    {"changed", (shown.states[at] & CAREPLUG_FLAG_CHANGED) != 0}});
    }
    wire::Reply reply;
    reply.result = details.dump();
    return reply;
}

wire::Reply Session::receipt(const careplug_patient_key& key, std::int64_t receipt,
                             const std::string& reason) {
    static constexpr const char* names[] = {"shown", "opened", "acknowledged", "overridden", "not shown"};
    if (receipt < CAREPLUG_RECEIPT_SHOWN || receipt > CAREPLUG_RECEIPT_NOT_SHOWN)
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "This receipt is not known: use one of the CAREPLUG_RECEIPT_ values.");
    if (receipt == CAREPLUG_RECEIPT_OVERRIDDEN && reason.empty())
        throw Problem(CAREPLUG_REFUSED_ARGUMENT, "Give the reason for acting against the flag.");
    const CheckedKey checked = check_key(key);
    if (checked.reason != 0) return {};
    if (receipt != CAREPLUG_RECEIPT_SHOWN)
        audit(checked.digits, std::string("flag ") + names[receipt - 1], reason);
    const auto found = known_.find(checked.digits);
    if (receipt == CAREPLUG_RECEIPT_ACKNOWLEDGED && found != known_.end() && found->second.cpr_changed != 0) {
        found->second.cpr_changed = 0;
        found->second.cpr_seen = false;
        if (found->second.current) note_cpr(found->second);
        publish_flags(false);
    }
    return {};
}

}  // namespace careplug::engine
