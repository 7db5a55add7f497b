#include <careplug/plan/audit.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plans/names.h"
#include "session/flag_order.h"
#include "session/session.h"
#include "system/fixed_text.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

const char* slot_name(int slot) {
    static constexpr const char* names[] = {"knowledge", "cpr", "legal", "treatment", "medicines", "status"};
    return slot >= 0 && slot < static_cast<int>(std::size(names)) ? names[slot] : "status";
}

}  // namespace

plan::FlagContext Session::flag_context(const std::string& digits) {
    plan::FlagContext context;
    context.view = plugin_->facts().view;
    context.today = today();
    if (!identity_ || digits.empty()) return context;
    add_awaiting(digits, context);
    if (const std::int64_t kept = own_draft(digits); kept != 0) {
        context.has_own_draft = true;
        context.draft_time = clock_words(kept);
    } else if (const auto found = known_.find(digits); found != known_.end() && found->second.elsewhere) {
        context.has_own_draft = true;
        context.draft_time =
            clock_words(parse_time(found->second.elsewhere->authored)) + ", on another computer";
    }
    for (const auto* drafts : {&drafts_, &note_drafts_, &state_drafts_}) {
        const auto draft = drafts->find(digits);
        if (draft == drafts->end() || draft->second.not_shared.empty()) continue;
        context.not_sent = "not accepted";
        context.not_sent_time = clock_words(draft->second.at);
    }
    if (const Aside* aside = first_aside(digits)) {
        context.not_sent = "not accepted";
        context.not_sent_time = clock_words(aside->at);
    }
    for (const auto& [id, one] : waiting_) {
        if (one.digits != digits || one.intent == accept_intent) continue;
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
    const auto before = policy_flags(all);
    auto after = before;
    try {
        policy_->flags(after, now_ms());
    } catch (const PluginFailure& failure) {
        without_policy(failure);
        return;
    }
    if (!take_order(all, before, after))
        hub_.log().say("the policy dropped what must be shown: the engine's order is used");
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

wire::Reply Session::flag_details(const careplug_patient_key& key) {
    std::vector<ShownFlags> all{shown_flags(key)};
    order(all);
    const ShownFlags& shown = all.front();
    json details{{"knowledge", knowledge_name(shown.record.knowledge)}, {"flags", json::array()}};
    if (shown.record.checked != 0) details["checked"] = iso_time(shown.record.checked);
    if (shown.record.amended != 0) details["amended"] = iso_time(shown.record.amended);
    if (shown.record.revision != 0) details["revision"] = shown.record.revision;
    if (shown.record.since != 0) details["since"] = iso_time(shown.record.since);
    if (shown.record.reason != 0) details["reason"] = shown.why;
    for (std::size_t at = 0; at < shown.flags.size(); ++at) {
        const auto& flag = shown.flags[at];
        details["flags"].push_back({{"id", flag.id},
                                    {"slot", slot_name(flag.slot)},
                                    {"short", flag.short_words},
                                    {"long", flag.long_words},
                                    {"last_known", (shown.states[at] & CAREPLUG_FLAG_LAST_KNOWN) != 0},
                                    {"changed", (shown.states[at] & CAREPLUG_FLAG_CHANGED) != 0}});
    }
    for (const auto& [id, one] : patients_)
        if (std::memcmp(&one.key, &key, sizeof key) == 0 && barred(one).empty())
            if (const auto warnings = identity_warnings(one); !warnings.empty())
                details["warnings"] = warnings;
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
    if (receipt != CAREPLUG_RECEIPT_SHOWN) require_signed_in();
    if (receipt != CAREPLUG_RECEIPT_SHOWN)
        audit(plan::audit_kind::flag, {checked.digits}, {"", reason, names[receipt - 1]});
    const auto found = known_.find(checked.digits);
    if (receipt == CAREPLUG_RECEIPT_ACKNOWLEDGED && found != known_.end() && found->second.cpr_changed != 0) {
        found->second.cpr_changed = 0;
        found->second.cpr_seen = false;
        if (found->second.current) note_cpr(found->second);
        publish_flags(false);
    }
    if (receipt == CAREPLUG_RECEIPT_ACKNOWLEDGED) accept_and_file(checked.digits);
    return {};
}

}  // namespace careplug::engine
