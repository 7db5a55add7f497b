#include <careplug/controls/controls.h>
#include <careplug/wire/bytes.h>
#include <careplug/wire/flag_table.h>

#include <algorithm>
#include <cstring>

#include "flag_table_sum.h"

namespace careplug::wire {
namespace {

constexpr int most_tries = 4;
constexpr std::uint32_t all_states = CAREPLUG_FLAG_LAST_KNOWN | CAREPLUG_FLAG_CHANGED | CAREPLUG_FLAG_COVERED;
// What the kernel writes over the owner's number; no number at all means that nobody holds it (robust
// futexes).
constexpr std::uint32_t owner_died = 0x40000000;
constexpr std::uint32_t owner_number = 0x3fffffff;

constexpr std::int32_t low(std::uint64_t word) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word));
}
constexpr std::int32_t high(std::uint64_t word) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word >> 32));
}

bool is_knowledge(std::int32_t value) {
    return value >= CAREPLUG_KNOWLEDGE_NOT_KNOWN && value <= CAREPLUG_KNOWLEDGE_REMOVED;
}

void set_unreadable(careplug_flags_record& flags) {
    flags = {};
    flags.size = sizeof flags;
    flags.reason = CAREPLUG_REASON_OTHER;
}

void set(careplug_flags_record& flags, const std::array<std::uint64_t, FlagCopy::words>& content) {
    flags.size = sizeof flags;
    flags.knowledge = low(content[0]);
    flags.last_knowledge = high(content[0]);
    flags.reason = low(content[1]);
    flags.count = static_cast<std::uint32_t>(content[1] >> 32);
    flags.revision = static_cast<std::uint32_t>(content[2]);
    flags.checked = static_cast<std::int64_t>(content[3]);
    flags.amended = static_cast<std::int64_t>(content[4]);
    flags.since = static_cast<std::int64_t>(content[5]);
    if (flags.count > CAREPLUG_FLAGS_MAX) return set_unreadable(flags);
    for (std::uint32_t i = 0; i < CAREPLUG_FLAGS_MAX; ++i) {
        careplug_flag& flag = flags.flags[i];
        const std::uint64_t word = i < flags.count ? content[8 + i] : 0;
        flag.word = static_cast<std::uint32_t>(word);
        flag.state = static_cast<std::uint32_t>(word >> 32) & all_states;
        flag.changed = (flag.state & CAREPLUG_FLAG_CHANGED) != 0 ? static_cast<std::int64_t>(content[7]) : 0;
    }
    if (!is_knowledge(flags.knowledge) && control::on("H3.unknown-is-not-known"))
        flags.knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    if (!is_knowledge(flags.last_knowledge)) flags.last_knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    const bool has_reason = flags.reason > CAREPLUG_REASON_NONE && flags.reason <= CAREPLUG_REASON_STALE;
    if (flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && !has_reason) flags.reason = CAREPLUG_REASON_OTHER;
    if (flags.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN) flags.reason = CAREPLUG_REASON_NONE;
}

template <std::size_t size>
std::array<std::uint64_t, size> load(const TableWord (&words)[size]) {
    std::array<std::uint64_t, size> loaded;
    for (std::size_t i = 0; i < size; ++i) loaded[i] = words[i].load(std::memory_order_acquire);
    return loaded;
}

// Text that ends inside its field.
bool sound(std::span<const std::uint8_t> field) {
    const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
    return end != field.end() && valid_text({reinterpret_cast<const char*>(field.data()),
                                             static_cast<std::size_t>(end - field.begin())});
}

}  // namespace

FlagTableReader::FlagTableReader(std::span<const std::byte> memory, std::uint32_t rows, const HashKey& key)
    : header_(reinterpret_cast<const FlagTableHeader*>(memory.data())),
      rows_(reinterpret_cast<const FlagSlot*>(header_ + 1)),
      words_(reinterpret_cast<const WordSlot*>(rows_ + rows)),
      mask_(rows - 1),
      key_(key) {}

FlagTableReader::Engine FlagTableReader::engine() const {
    const std::uint32_t owner = header_->owner.load(std::memory_order_acquire);
    return (owner & owner_died) == 0 && (owner & owner_number) != 0 ? Engine::lives : Engine::gone;
}

std::int64_t FlagTableReader::beat() const {
    return static_cast<std::int64_t>(header_->beat.load(std::memory_order_acquire));
}

bool FlagTableReader::unreachable() const {
    return header_->unreachable.load(std::memory_order_acquire) != 0;
}

std::uint32_t FlagTableReader::not_known_word() const {
    return static_cast<std::uint32_t>(header_->not_known_word.load(std::memory_order_acquire));
}

bool FlagTableReader::find(const careplug_patient_key& patient, careplug_flags_record& flags,
                           std::int64_t& deadline) const {
    const Hash tag = patient_tag(key_, patient);
    for (int tries = 0; tries < most_tries; ++tries) {
        const FlagSlot* found = nullptr;
        for (std::uint32_t probe = 0; probe < most_probes; ++probe) {
            const FlagSlot& slot = rows_[(tag.low + probe) & mask_];
            const std::uint64_t tag_low = slot.tag_low.load(std::memory_order_acquire);
            const std::uint64_t tag_high = slot.tag_high.load(std::memory_order_acquire);
            if (tag_low == tag.low && tag_high == tag.high) found = &slot;
            if (found || (tag_low == 0 && tag_high == 0)) break;
        }
        if (!found) return false;
        const std::uint64_t version = found->version.load(std::memory_order_acquire);
        const FlagCopy& copy = found->copies[version & 1];
        const auto content = load(copy.content);
        const std::uint64_t sum = copy.checksum.load(std::memory_order_acquire);
        // The writer may have come back to this copy meanwhile.
        if ((found->version.load(std::memory_order_acquire) != version ||
             sum != table_sum(content, version, tag)) &&
            control::on("H3.row-checksum"))
            continue;
        set(flags, content);
        deadline = static_cast<std::int64_t>(content[6]);
        return true;
    }
    set_unreadable(flags);
    deadline = 0;
    return true;
}

std::optional<careplug_word_record> FlagTableReader::word(std::uint32_t number) const {
    const WordSlot& slot = words_[(number & ((1U << generation_shift) - 1)) % table_words];
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto content = load(slot.content);
        if (slot.checksum.load(std::memory_order_acquire) != table_sum(content, 0, {})) continue;
        if (static_cast<std::uint32_t>(content[0]) != number) return std::nullopt;
        careplug_word_record record{};
        record.size = sizeof record;
        record.slot = high(content[0]);
        std::memcpy(record.id, &content[1], sizeof record.id);
        std::memcpy(record.words, &content[1 + sizeof record.id / 8], sizeof record.words);
        if (!sound(record.id) || !sound(record.words)) return std::nullopt;
        return record;
    }
    return std::nullopt;
}

}  // namespace careplug::wire
