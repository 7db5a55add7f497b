#include <careplug/wire/flag_table.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "flag_table_sum.h"

namespace careplug::wire {
namespace {

constexpr std::uint64_t pack(std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(low) |
           (static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32);
}

std::array<std::uint64_t, FlagCopy::words> content_of(const FlagRow& row) {
    const careplug_flags_record& flags = row.flags;
    const std::uint32_t count = std::min<std::uint32_t>(flags.count, CAREPLUG_FLAGS_MAX);
    std::array<std::uint64_t, FlagCopy::words> content{pack(flags.knowledge, flags.last_knowledge),
                                                       pack(flags.reason, count),
                                                       flags.revision,
                                                       static_cast<std::uint64_t>(flags.checked),
                                                       static_cast<std::uint64_t>(flags.amended),
                                                       static_cast<std::uint64_t>(flags.since),
                                                       static_cast<std::uint64_t>(row.deadline)};
    for (std::uint32_t i = 0; i < count; ++i) {
        const careplug_flag& flag = flags.flags[i];
        content[8 + i] = pack(flag.word, flag.state);
        if ((flag.state & CAREPLUG_FLAG_CHANGED) != 0) content[7] = static_cast<std::uint64_t>(flag.changed);
    }
    return content;
}

// Each word is released, so that who sees one of it sees the version before it too.
template <std::size_t size>
void store(TableWord (&words)[size], const std::array<std::uint64_t, size>& content) {
    for (std::size_t i = 0; i < size; ++i) words[i].store(content[i], std::memory_order_release);
}

}  // namespace

FlagTableWriter::FlagTableWriter(std::span<std::byte> memory, std::uint32_t rows, const HashKey& key,
                                 std::uint32_t generation)
    : header_(reinterpret_cast<FlagTableHeader*>(memory.data())),
      rows_(reinterpret_cast<FlagSlot*>(header_ + 1)),
      words_(reinterpret_cast<WordSlot*>(rows_ + rows)),
      mask_(rows - 1),
      key_(key),
      own_(rows),
      first_word_(generation << generation_shift),
      texts_(table_words) {}

void FlagTableWriter::beat(std::int64_t boot) {
    header_->beat.store(static_cast<std::uint64_t>(boot), std::memory_order_release);
}

void FlagTableWriter::unreachable(bool now) {
    header_->unreachable.store(now ? 1 : 0, std::memory_order_release);
}

void FlagTableWriter::not_known_word(std::uint32_t number) {
    header_->not_known_word.store(number, std::memory_order_release);
}

std::optional<std::uint32_t> FlagTableWriter::place(const Hash& tag) {
    if (const auto found = places_.find(tag); found != places_.end()) return found->second;
    for (std::uint32_t probe = 0; probe < most_probes; ++probe) {
        const auto slot = static_cast<std::uint32_t>((tag.low + probe) & mask_);
        if (own_[slot].tag.high != 0) continue;
        places_[tag] = slot;
        return slot;
    }
    return std::nullopt;
}

void FlagTableWriter::set_tag(std::uint32_t slot, const Hash& tag) {
    own_[slot].tag = tag;
    rows_[slot].tag_high.store(tag.high, std::memory_order_release);
    rows_[slot].tag_low.store(tag.low, std::memory_order_release);
}

bool FlagTableWriter::put(const careplug_patient_key& patient, const FlagRow& row) {
    const Hash tag = patient_tag(key_, patient);
    const auto slot = place(tag);
    if (!slot) return false;
    const std::uint64_t version = ++own_[*slot].version;
    FlagSlot& to = rows_[*slot];
    FlagCopy& copy = to.copies[version & 1];
    const auto content = content_of(row);
    store(copy.content, content);
    copy.checksum.store(table_sum(content, version, tag), std::memory_order_release);
    to.version.store(version, std::memory_order_release);
    if (own_[*slot].tag != tag) set_tag(*slot, tag);
    return true;
}

void FlagTableWriter::remove(std::uint32_t slot) {
    set_tag(slot, {removed_low, 0});
    // Before a row that was never used probes end anyway: this one, and those freed before it, may too.
    for (std::uint32_t at = slot;
         own_[(at + 1) & mask_].tag == Hash{} && own_[at].tag == Hash{removed_low, 0}; at = (at - 1) & mask_)
        set_tag(at, {});
}

void FlagTableWriter::keep_only(std::span<const careplug_patient_key> patients) {
    std::set<Hash> kept;
    for (const auto& patient : patients) kept.insert(patient_tag(key_, patient));
    std::erase_if(places_, [&](const auto& place) {
        if (kept.contains(place.first)) return false;
        remove(place.second);
        return true;
    });
}

std::uint32_t FlagTableWriter::word(const careplug_word_record& record) {
    std::string text(reinterpret_cast<const char*>(&record.slot), sizeof record.slot);
    text.append(reinterpret_cast<const char*>(record.id), sizeof record.id);
    text.append(reinterpret_cast<const char*>(record.words), sizeof record.words);
    // Words in use move on before the ring comes round to them.
    if (const auto found = numbers_.find(text);
        found != numbers_.end() && next_word_ - found->second < table_words / 2)
        return first_word_ | found->second;
    const std::uint32_t number = next_word_++;
    std::string& earlier = texts_[number % table_words];
    if (const auto found = numbers_.find(earlier);
        found != numbers_.end() && found->second + table_words == number)
        numbers_.erase(found);
    numbers_[text] = number;
    earlier = std::move(text);

    std::array<std::uint64_t, WordSlot::words> content{};
    content[0] = pack(first_word_ | number, record.slot);
    std::memcpy(&content[1], record.id, sizeof record.id);
    std::memcpy(&content[1 + sizeof record.id / 8], record.words, sizeof record.words);
    WordSlot& slot = words_[number % table_words];
    store(slot.content, content);
    slot.checksum.store(table_sum(content, 0, {}), std::memory_order_release);
    return first_word_ | number;
}

}  // namespace careplug::wire
