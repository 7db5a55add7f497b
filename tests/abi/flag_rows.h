// A flag table in this process's own memory, read and written by the same test.
#ifndef CAREPLUG_TESTS_FLAG_ROWS_H
#define CAREPLUG_TESTS_FLAG_ROWS_H

#include <careplug/wire/flag_table.h>

#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

namespace careplug::test {

inline int often(int gate, int full) {
    return std::getenv("CAREPLUG_LONG") ? full : gate;
}

// As OpenSSL computes it.
wire::Hash siphash_of_openssl(const wire::HashKey& key, std::span<const std::uint64_t> words);

struct PlainTable {
    static constexpr wire::HashKey key{0x0123456789abcdef, 0xfedcba9876543210};
    std::uint32_t rows;
    std::vector<std::uint64_t> memory;
    wire::FlagTableWriter writer;
    wire::FlagTableReader reader;

    explicit PlainTable(std::uint32_t rows_ = wire::least_rows)
        : rows(rows_),
          memory(wire::table_bytes(rows_) / 8),
          writer(std::as_writable_bytes(std::span(memory)), rows_, key, 1),
          reader(std::as_bytes(std::span(memory)), rows_, key) {}
    PlainTable(const PlainTable&) = delete;
    PlainTable& operator=(const PlainTable&) = delete;

    // Every value follows from the revision, so that a torn row shows.
    static wire::FlagRow plan(std::uint32_t revision) {
        wire::FlagRow row;
        row.flags.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
        row.flags.revision = revision;
        row.flags.checked = row.flags.amended = row.deadline = revision;
        row.flags.count = CAREPLUG_FLAGS_MAX;
        for (auto& flag : row.flags.flags) flag = {revision, CAREPLUG_FLAG_CHANGED, revision};
        return row;
    }
    static bool whole(const careplug_flags_record& record, std::int64_t deadline) {
        const std::int64_t revision = record.revision;
        bool same = record.checked == revision && record.amended == revision && deadline == revision &&
                    record.count == CAREPLUG_FLAGS_MAX;
        for (const auto& flag : record.flags)
            same = same && flag.word == record.revision && flag.changed == revision;
        return same;
    }
    // Of the row that is found.
    std::optional<std::uint32_t> revision(const careplug_patient_key& patient) const {
        careplug_flags_record record{};
        std::int64_t deadline = 0;
        if (!reader.find(patient, record, deadline)) return std::nullopt;
        return record.revision;
    }
    std::size_t used_rows() const {
        std::size_t used = 0;
        const std::size_t first = sizeof(wire::FlagTableHeader) / 8;
        for (std::uint32_t row = 0; row < rows; ++row) {
            const std::size_t at = first + row * sizeof(wire::FlagSlot) / 8;
            used += memory[at] != 0 || memory[at + 1] != 0 ? 1 : 0;
        }
        return used;
    }
};

}  // namespace careplug::test

#endif
