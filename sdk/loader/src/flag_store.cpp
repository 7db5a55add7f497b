#include "flag_store.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

namespace careplug::loader {
namespace {

constexpr std::size_t max_words = 4096;

std::string_view padded(std::span<const std::uint8_t> field) {
    const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
    return {reinterpret_cast<const char*>(field.data()), static_cast<std::size_t>(end - field.begin())};
}

void put(std::span<std::uint8_t> field, std::string_view text) {
    std::memcpy(field.data(), text.data(), std::min(text.size(), field.size()));
}

std::string without_spaces(std::string_view text) {
    std::string result;
    std::copy_if(text.begin(), text.end(), std::back_inserter(result), [](char c) { return c != ' '; });
    return result;
}

}  // namespace

std::string flag_key(const careplug_patient_key& patient) {
    return without_spaces(padded(patient.nhs_number)) + '|' + without_spaces(padded(patient.birth_date)) +
           '|' + std::to_string(patient.number_status);
}

void FlagStore::begin_watch(const std::vector<careplug_patient_key>& patients) {
    asked_.clear();
    for (const auto& patient : patients) asked_.insert(flag_key(patient));
}

void FlagStore::accept_watch() {
    watched_ = std::move(asked_);
    asked_.clear();
    prune();
}

void FlagStore::refuse_watch() {
    asked_.clear();
    prune();
}

void FlagStore::prune() {
    std::erase_if(rows_, [&](const auto& row) { return !watched_.contains(row.first); });
}

void FlagStore::apply(const wire::FlagsTable& table) {
    if (table.replace) rows_.clear();
    for (const auto& row : table.rows) {
        std::string key = flag_key(row.patient);
        if (watched_.contains(key) || asked_.contains(key)) rows_[std::move(key)] = row;
    }
}

void FlagStore::apply(const wire::Word& word) {
    const std::string_view id = padded(word.record.id);
    if (word.word == 0 || !wire::valid_text(id) || !wire::valid_text(padded(word.record.words))) return;
    if (words_.size() >= max_words && !words_.contains(word.word)) return;
    if (id == "not-known") not_known_word_ = word.word;
    words_[word.word] = word.record;
}

bool FlagStore::is_knowledge(std::uint32_t word) const {
    const auto found = words_.find(word);
    return found != words_.end() && found->second.slot == CAREPLUG_SLOT_KNOWLEDGE;
}

careplug_flags_record FlagStore::nothing(std::int32_t reason) const {
    careplug_flags_record record{};
    record.size = sizeof record;
    record.reason = reason;
    if (not_known_word_ != 0) record.flags[record.count++].word = not_known_word_;
    return record;
}

careplug_flags_record FlagStore::last_known(const careplug_flags_record& answer, std::int32_t reason,
                                            std::int64_t since) const {
    careplug_flags_record record = nothing(reason);
    record.last_knowledge = answer.knowledge;
    record.revision = answer.revision;
    record.checked = answer.checked;
    record.amended = answer.amended;
    record.since = since;
    const careplug_flag not_known = record.flags[0];
    const auto shown = [&](const careplug_flag& flag) { return is_knowledge(flag.word); };
    const auto* end = answer.flags + answer.count;
    // "Not known" takes the place of "plan" or "no plan", which would still be read as an answer: the policy
    // may have put the CPR decision before it.
    const bool in_place = record.count == 1 && std::any_of(answer.flags, end, shown);
    if (in_place) record.count = 0;
    bool placed = !in_place;
    for (const auto* flag = answer.flags; flag != end && record.count < CAREPLUG_FLAGS_MAX; ++flag) {
        careplug_flag& to = record.flags[record.count];
        if (!shown(*flag)) {
            to = *flag;
            to.state |= CAREPLUG_FLAG_LAST_KNOWN;
            ++record.count;
        } else if (!std::exchange(placed, true)) {
            to = not_known;
            ++record.count;
        }
    }
    return record;
}

careplug_flags_record FlagStore::read(const careplug_patient_key& patient, const Moment& moment) const {
    const std::string key = flag_key(patient);
    const bool watched = watched_.contains(key) || asked_.contains(key);
    const auto found = watched ? rows_.find(key) : rows_.end();
    if (found == rows_.end())
        return nothing(moment.engine_gone ? CAREPLUG_REASON_ENGINE : CAREPLUG_REASON_NOT_ASKED);

    const wire::FlagsRow& row = found->second;
    careplug_flags_record record = row.flags;
    const bool known =
        record.knowledge > CAREPLUG_KNOWLEDGE_NOT_KNOWN && record.knowledge <= CAREPLUG_KNOWLEDGE_REMOVED;
    if (!known) {
        // Its content, if any, is of an earlier answer; the engine's own reason stands unless it is gone.
        const std::int32_t reason = moment.engine_gone   ? CAREPLUG_REASON_ENGINE
                                    : record.reason == 0 ? CAREPLUG_REASON_OTHER
                                                         : record.reason;
        careplug_flags_record safe = last_known(record, reason, record.since);
        safe.last_knowledge = record.last_knowledge;
        return safe;
    }
    if (moment.engine_gone) return last_known(record, CAREPLUG_REASON_ENGINE, moment.utc);
    if (moment.boot >= row.deadline)
        return last_known(record, moment.unreachable ? CAREPLUG_REASON_UNREACHABLE : CAREPLUG_REASON_STALE,
                          moment.utc - (moment.boot - row.deadline));
    return record;
}

careplug_word_record FlagStore::word(std::uint32_t word) const {
    const auto found = words_.find(word);
    if (found != words_.end()) return found->second;
    careplug_word_record record{};
    record.size = sizeof record;
    record.slot = CAREPLUG_SLOT_CPR;
    put(record.id, "open-plan");
    put(record.words, "Open plan");
    return record;
}

}  // namespace careplug::loader
