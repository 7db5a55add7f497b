#include "flag_table.h"

#include <careplug/controls/controls.h>
#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace careplug::loader {
namespace {

// How long a new engine may take to sign in and ask before the last known of the one before is let go.
constexpr std::int64_t restart_milliseconds = 60 * 1000;

void put(std::span<std::uint8_t> field, std::string_view text) {
    std::memcpy(field.data(), text.data(), std::min(text.size(), field.size()));
}

std::uint64_t random_word() {
    return (std::uint64_t{random_number()} << 32) | random_number();
}

// A moment of the boot clock as UTC. What the other side wrote may be anything, but nothing began in the
// future.
std::int64_t as_utc(std::int64_t boot, const Moment& moment) {
    return moment.utc() - (moment.boot - std::clamp<std::int64_t>(boot, 0, moment.boot));
}

// A new engine that has not asked yet has nothing that could stand against what was last known.
bool no_answer_yet(const careplug_flags_record& record) {
    return record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
           record.last_knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
           (record.reason == CAREPLUG_REASON_NOT_ASKED || record.reason == CAREPLUG_REASON_SIGNED_OUT);
}

}  // namespace

bool FlagTable::has_room_for(std::size_t patients) const {
    return current_ && current_->rows >= wire::table_rows(patients);
}

std::optional<FlagTable::Fresh> FlagTable::make(std::size_t patients) const {
    Fresh fresh;
    const auto after = [](std::uint32_t one) { return (one + 1) % (wire::most_generation + 1); };
    fresh.told.generation = current_ ? after(current_->generation) : 1;
    if (former_ && former_->generation == fresh.told.generation)
        fresh.told.generation = after(fresh.told.generation);
    fresh.told.rows = wire::table_rows(patients);
    for (auto& word : fresh.told.key) word = random_word();
    fresh.memory = SharedMemory::make(wire::table_bytes(fresh.told.rows));
    if (!fresh.memory) return std::nullopt;
    return fresh;
}

void FlagTable::use(Fresh fresh, After after, std::int64_t boot) {
    fresh.memory.close_descriptor();
    // An engine that did not come to answer leaves nothing; what the one before it left still counts.
    const bool keep_former = after == After::restart && boot < former_until_;
    if (!keep_former) former_ = std::move(current_);
    former_until_ = after == After::restart ? boot + restart_milliseconds : 0;
    const auto bytes = fresh.memory.bytes();
    current_.emplace(Part{std::move(fresh.memory), fresh.told.generation, fresh.told.rows,
                          wire::FlagTableReader(bytes, fresh.told.rows, fresh.told.key)});
}

void FlagTable::forget_former() {
    former_until_ = 0;
}

bool FlagTable::engine_gone() const {
    return current_ && current_->reader.engine() == wire::FlagTableReader::Engine::gone;
}

std::optional<careplug_word_record> FlagTable::find_word(std::uint32_t word) const {
    for (const auto* part : {&current_, &former_})
        if (*part && (*part)->generation == wire::generation_of_word(word)) return (*part)->reader.word(word);
    return std::nullopt;
}

bool FlagTable::is_knowledge(std::uint32_t word) const {
    const auto found = find_word(word);
    return found && found->slot == CAREPLUG_SLOT_KNOWLEDGE;
}

Moment FlagTable::moment(bool gone, std::int64_t boot, std::int64_t (*utc)()) const {
    const bool ended = gone || !current_ || engine_gone();
    if (ended) return {boot, utc, control::on("H3.ended-engine-seen")};
    const std::int64_t silent = boot - std::clamp<std::int64_t>(current_->reader.beat(), 0, boot);
    return {boot, utc, silent > wire::hung_after_milliseconds && control::on("H3.hung-engine-seen")};
}

void FlagTable::set_nothing(careplug_flags_record& record, std::int32_t reason) const {
    record = {};
    record.size = sizeof record;
    record.reason = reason;
    for (const auto* part : {&current_, &former_}) {
        const std::uint32_t word = *part ? (*part)->reader.not_known_word() : 0;
        if (word == 0) continue;
        record.flags[record.count++].word = word;
        break;
    }
}

void FlagTable::set_last_known(careplug_flags_record& record, std::int32_t reason, std::int64_t since) const {
    const careplug_flags_record answer = record;
    set_nothing(record, reason);
    record.last_knowledge =
        answer.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN ? answer.knowledge : answer.last_knowledge;
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
            if (control::on("H2.loader-marks-last-known")) to.state |= CAREPLUG_FLAG_LAST_KNOWN;
            ++record.count;
        } else if (!std::exchange(placed, true)) {
            to = not_known;
            ++record.count;
        }
    }
    std::fill(record.flags + record.count, std::end(record.flags), careplug_flag{});
}

void FlagTable::read(const careplug_patient_key& patient, const Moment& moment,
                     careplug_flags_record& record) const {
    std::int64_t deadline = 0;
    const bool found = current_ && current_->reader.find(patient, record, deadline);
    if (control::on("H3.last-known-through-restart") && moment.boot < former_until_ && former_ &&
        (!found || no_answer_yet(record))) {
        careplug_flags_record former;
        if (former_->reader.find(patient, former, deadline)) {
            record = former;
            return set_last_known(record, CAREPLUG_REASON_ENGINE, as_utc(former_->reader.beat(), moment));
        }
    }
    if (!found)
        return set_nothing(record,
                           moment.engine_stopped ? CAREPLUG_REASON_ENGINE : CAREPLUG_REASON_NOT_ASKED);
    // Its content, if any, is of an earlier answer; the engine's own reason stands unless it is gone.
    if (record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN)
        set_last_known(record, moment.engine_stopped ? CAREPLUG_REASON_ENGINE : record.reason, record.since);
    else if (moment.engine_stopped)
        set_last_known(record, CAREPLUG_REASON_ENGINE, as_utc(current_->reader.beat(), moment));
    else if (moment.boot >= deadline && control::on("H2.rows-have-a-deadline"))
        set_last_known(record,
                       current_->reader.unreachable() ? CAREPLUG_REASON_UNREACHABLE : CAREPLUG_REASON_STALE,
                       as_utc(deadline, moment));
}

careplug_word_record FlagTable::word(std::uint32_t word) const {
    if (const auto found = find_word(word)) return *found;
    careplug_word_record record{};
    record.size = sizeof record;
    record.slot = CAREPLUG_SLOT_CPR;
    put(record.id, "open-plan");
    put(record.words, "Open plan");
    return record;
}

}  // namespace careplug::loader
