// The table of flags in memory that loader and engine share: the loader makes it and reads, the engine
// writes. Fixed-width atomic words, the same bytes in 32-bit and 64-bit processes.
//
//   header   whether the engine lives, when it last said so, what the exchange does
//   rows     a power of two of them; open addressing from the low bits of the patient's tag
//   words    a ring of table_words
//
// The number of a patient is not in it: a row is found by its tag, a keyed hash of number, birth date and
// number status whose key goes over the socket (Frame::table). A number that is mistyped or not verified is
// another tag and finds nothing.
//
// A row holds its content twice. The writer fills the copy that nobody reads, then counts up `version`, whose
// lowest bit says which copy is whole: a reader never waits for a writer, and a writer that was killed in
// the middle leaves the last answer readable. The checksum binds content, version and tag, so that no reader
// takes a half, a row that meanwhile became another patient's, or noise.
//
// The reader believes nothing: it takes sizes from its own side, probes and tries a bounded number of times,
// and checks every value. What it cannot read is not known.
#ifndef CAREPLUG_WIRE_FLAG_TABLE_H
#define CAREPLUG_WIRE_FLAG_TABLE_H

#include <careplug/host.h>
#include <careplug/wire/siphash.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace careplug::wire {

using TableWord = std::atomic<std::uint64_t>;
static_assert(TableWord::is_always_lock_free && sizeof(TableWord) == 8);

struct FlagCopy {
    static constexpr std::size_t words = 20;
    TableWord content[words];
    TableWord checksum;
};

struct FlagSlot {
    TableWord tag_low;  // both 0: never used; high 0: free again
    TableWord tag_high;
    TableWord version;
    TableWord spare;
    FlagCopy copies[2];
    TableWord spares[2];
};

struct WordSlot {
    static constexpr std::size_t words = 13;
    TableWord content[words];  // number and slot, id, words
    TableWord checksum;
    TableWord spares[2];
};

struct FlagTableHeader {
    // A robust mutex of the engine's that a thread of it holds for as long as it serves this table. Its first
    // word is the owner's thread; the kernel itself marks it when that thread ends, however it ended.
    std::atomic<std::uint32_t> owner;
    std::byte of_the_mutex[60];
    TableWord beat;         // boot_milliseconds() when the engine last came round
    TableWord unreachable;  // 1 while the exchange does not answer
    TableWord not_known_word;
    TableWord spares[5];
};

static_assert(sizeof(FlagSlot) == 384 && sizeof(WordSlot) == 128 && sizeof(FlagTableHeader) == 128);

inline constexpr std::uint32_t table_words = 1024;
inline constexpr std::uint32_t least_rows = 512;
inline constexpr std::uint32_t most_rows = 2048;
inline constexpr std::uint32_t most_probes = 64;
// The engine says that it lives twice a second; after this it counts as hung.
inline constexpr std::int64_t hung_after_milliseconds = 5000;

// Twice as many as patients, so that probes stay short.
std::uint32_t table_rows(std::size_t patients);
constexpr bool valid_rows(std::uint32_t rows) {
    return rows >= least_rows && rows <= most_rows && (rows & (rows - 1)) == 0;
}
constexpr std::size_t table_bytes(std::uint32_t rows) {
    return sizeof(FlagTableHeader) + rows * sizeof(FlagSlot) + table_words * sizeof(WordSlot);
}

Hash patient_tag(const HashKey& key, const careplug_patient_key& patient);

struct FlagRow {
    careplug_flags_record flags{};
    std::int64_t deadline = 0;  // boot_milliseconds() past which this is no longer known
};

class FlagTableReader {
public:
    // `memory` has table_bytes(rows).
    FlagTableReader(std::span<const std::byte> memory, std::uint32_t rows, const HashKey& key);

    enum class Engine { lives, gone };
    Engine engine() const;
    std::int64_t beat() const;
    bool unreachable() const;
    std::uint32_t not_known_word() const;

    // False where the patient has no row; nothing is written then. A row that cannot be read is NOT_KNOWN.
    bool find(const careplug_patient_key& patient, careplug_flags_record& flags,
              std::int64_t& deadline) const;
    std::optional<careplug_word_record> word(std::uint32_t number) const;

private:
    const FlagTableHeader* header_;
    const FlagSlot* rows_;
    const WordSlot* words_;
    std::uint32_t mask_;
    HashKey key_;
};

// Reads nothing back from the memory: what it wrote where is in its own.
class FlagTableWriter {
public:
    FlagTableWriter(std::span<std::byte> memory, std::uint32_t rows, const HashKey& key,
                    std::uint32_t generation);

    // Where the engine makes its mutex.
    void* mutex_place() { return &header_->owner; }
    void beat(std::int64_t boot);
    void unreachable(bool now);
    void not_known_word(std::uint32_t number);

    // One moment stands for every flag marked FLAG_CHANGED. False where there is no room.
    bool put(const careplug_patient_key& patient, const FlagRow& row);
    // Takes the rows of all others away.
    void keep_only(std::span<const careplug_patient_key> patients);
    // The number of these words. Numbers differ from generation to generation and are never used again.
    std::uint32_t word(const careplug_word_record& record);

private:
    struct Own {
        Hash tag;
        std::uint64_t version = 0;
    };
    std::optional<std::uint32_t> place(const Hash& tag);
    void set_tag(std::uint32_t slot, const Hash& tag);
    void remove(std::uint32_t slot);

    FlagTableHeader* header_;
    FlagSlot* rows_;
    WordSlot* words_;
    std::uint32_t mask_;
    HashKey key_;
    std::vector<Own> own_;
    std::map<Hash, std::uint32_t> places_;
    std::uint32_t first_word_;
    std::uint32_t next_word_ = 1;
    std::map<std::string, std::uint32_t> numbers_;
    std::vector<std::string> texts_;  // by place in the ring
};

// A word's number says of which generation it is, so that words of two tables are not taken for each other.
inline constexpr std::uint32_t generation_shift = 28;
inline constexpr std::uint32_t most_generation = 15;
constexpr std::uint32_t generation_of_word(std::uint32_t number) {
    return number >> generation_shift;
}

}  // namespace careplug::wire

#endif
