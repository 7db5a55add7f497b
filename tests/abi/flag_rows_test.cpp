// The two sides of the table over plain memory: what is written is read, and noise is never more than noise.
#include <careplug/wire/bytes.h>
#include <careplug/wire/flag_table.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "flag_patients.h"
#include "flag_rows.h"

using namespace careplug;
using test::patient;
using test::PlainTable;
using test::word;

namespace {

std::string id_of(const std::optional<careplug_word_record>& record) {
    return record ? reinterpret_cast<const char*>(record->id) : "";
}

careplug_patient_key numbered(int n) {
    return patient("9990000018", std::to_string(1000000 + n));
}

// Every value that a host may act on is one that the contract has.
void check_sane(const careplug_flags_record& record) {
    const bool known = record.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    const bool sane = record.size == sizeof record && record.knowledge >= 0 &&
                      record.knowledge <= CAREPLUG_KNOWLEDGE_REMOVED && record.last_knowledge >= 0 &&
                      record.last_knowledge <= CAREPLUG_KNOWLEDGE_REMOVED &&
                      record.count <= CAREPLUG_FLAGS_MAX && (record.reason == 0) == known &&
                      record.reason <= CAREPLUG_REASON_STALE && record.reason >= 0;
    if (!sane) FAIL("a value that the contract does not have");
}

}  // namespace

TEST_CASE("the hash of a row is SipHash-2-4 with 128 bits") {
    // The authors' vectors: the key is 0 to 15, the input 0, 1, 2 ... of this length.
    const wire::HashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    const wire::Hash empty = wire::siphash(key, {});
    CHECK(empty.low == 0xe6a825ba047f81a3);
    CHECK(empty.high == 0x930255c71472f66d);
    const std::array<std::uint64_t, 1> eight{0x0706050403020100};
    const wire::Hash one = wire::siphash(key, eight);
    CHECK(one == wire::Hash{test::siphash_of_openssl(key, eight)});
    std::mt19937_64 random(4);
    for (int i = 0; i < 50; ++i) {
        const wire::HashKey other{random(), random()};
        std::vector<std::uint64_t> words(random() % 6);
        for (auto& each : words) each = random();
        CHECK(wire::siphash(other, words) == test::siphash_of_openssl(other, words));
    }
}

TEST_CASE("H1: a row is found by number, birth date and status together, spaces aside") {
    PlainTable plain;
    plain.writer.put(patient("9990000018"), PlainTable::plan(1));
    CHECK(plain.revision(patient("999 000 0018")) == 1);
    CHECK(plain.revision(patient(" 9990000018 ")) == 1);
    auto garbage_behind = patient("9990000018");
    garbage_behind.nhs_number[12] = 'x';
    CHECK(plain.revision(garbage_behind) == 1);
    CHECK_FALSE(plain.revision(patient("99900000181")));
    CHECK_FALSE(plain.revision(patient("9990000018", "1944-06-1")));
    CHECK_FALSE(plain.revision(patient("9990000018", "1944-06-19", 0)));
    // What belongs to one field is never taken for the other's.
    CHECK_FALSE(plain.revision(patient("99900000181944-0", "6-19")));
    CHECK_FALSE(plain.revision(patient("", "1944-06-19")));
}

TEST_CASE("the number of a patient is not in the memory") {
    PlainTable plain;
    plain.writer.put(patient("9990000018"), PlainTable::plan(1));
    const auto* bytes = reinterpret_cast<const char*>(plain.memory.data());
    const std::string all(bytes, plain.memory.size() * 8);
    CHECK(all.find("9990") == std::string::npos);
    CHECK(all.find("1944") == std::string::npos);
}

TEST_CASE("a table takes as many patients as it has rows for, and says when one more has no place") {
    PlainTable plain(wire::least_rows);
    int placed = 0;
    while (placed < 2000 && plain.writer.put(numbered(placed), PlainTable::plan(placed + 1U))) ++placed;
    CHECK(placed >= static_cast<int>(wire::least_rows) / 2);
    CHECK(placed <= static_cast<int>(wire::least_rows));
    for (int n = 0; n < placed; ++n) REQUIRE(plain.revision(numbered(n)) == n + 1U);
    CHECK_FALSE(plain.revision(numbered(placed)));
}

TEST_CASE("the largest list always finds room, list after list") {
    PlainTable plain(wire::table_rows(1000));
    for (int list = 0; list < 20; ++list) {
        std::vector<careplug_patient_key> patients;
        for (int n = 0; n < 1000; ++n) patients.push_back(numbered(list * 700 + n));
        plain.writer.keep_only(patients);
        for (int n = 0; n < 1000; ++n)
            REQUIRE(plain.writer.put(patients[static_cast<std::size_t>(n)], PlainTable::plan(n + 1U)));
        for (int n = 0; n < 1000; ++n)
            REQUIRE(plain.revision(patients[static_cast<std::size_t>(n)]) == n + 1U);
        if (list > 0) REQUIRE_FALSE(plain.revision(numbered(list * 700 - 1)));
    }
    plain.writer.keep_only({});
    // Nothing is left but rows that were never used: probes end at once.
    CHECK(plain.used_rows() == 0);
}

TEST_CASE("words keep their number while they are used, and a number never gets other words") {
    PlainTable plain;
    const auto kept = plain.writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "DNACPR"));
    CHECK(plain.writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "DNACPR")) == kept);
    CHECK(id_of(plain.reader.word(kept)) == "dnacpr");
    CHECK_FALSE(plain.reader.word(0));
    CHECK_FALSE(plain.reader.word(kept + 1));
    CHECK_FALSE(plain.reader.word(kept + wire::table_words));
    std::uint32_t moved = kept;
    for (int i = 0; i < 5000; ++i) {
        plain.writer.word(word(CAREPLUG_SLOT_STATUS, "w" + std::to_string(i)));
        moved = plain.writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "DNACPR"));
        REQUIRE(id_of(plain.reader.word(moved)) == "dnacpr");
    }
    CHECK(moved != kept);
    CHECK_FALSE(plain.reader.word(kept));
}

TEST_CASE("text that does not end, or is not UTF-8, is no word") {
    PlainTable plain;
    auto endless = word(CAREPLUG_SLOT_CPR, "dnacpr");
    std::fill(std::begin(endless.words), std::end(endless.words), std::uint8_t{'x'});
    CHECK_FALSE(plain.reader.word(plain.writer.word(endless)));
    CHECK_FALSE(plain.reader.word(plain.writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "\xC3\x28"))));
}

TEST_CASE("H3: a row with any bit changed reads not known") {
    PlainTable plain;
    plain.writer.put(patient("9990000018"), PlainTable::plan(7));
    const std::vector<std::uint64_t> whole = plain.memory;
    std::size_t changed = 0;
    for (std::size_t at = sizeof(wire::FlagTableHeader) / 8; at < whole.size(); ++at) {
        if (whole[at] == 0) continue;
        for (int bit = 0; bit < 64; ++bit) {
            plain.memory[at] ^= std::uint64_t{1} << bit;
            careplug_flags_record record{};
            std::int64_t deadline = 0;
            if (plain.reader.find(patient("9990000018"), record, deadline))
                REQUIRE(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
            plain.memory[at] = whole[at];
            ++changed;
        }
    }
    CHECK(changed > 400);
    CHECK(plain.revision(patient("9990000018")) == 7);
}

TEST_CASE("noise in the whole table is read within bounds, in a bounded time, as values of the contract") {
    std::mt19937_64 random(20261122);
    PlainTable plain;
    for (int n = 0; n < 100; ++n) plain.writer.put(numbered(n), PlainTable::plan(n + 1U));
    const auto number = plain.writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr"));
    const std::vector<std::uint64_t> whole = plain.memory;
    const int rounds = test::often(30, 3000);
    for (int round = 0; round < rounds; ++round) {
        plain.memory = whole;
        for (auto& each : plain.memory)
            if (round % 3 == 0 || random() % 16 == 0) each = round % 2 == 0 ? random() : ~std::uint64_t{0};
        for (int n = 0; n < 120; ++n) {
            careplug_flags_record record{};
            std::int64_t deadline = 0;
            if (plain.reader.find(numbered(n), record, deadline)) check_sane(record);
        }
        for (std::uint32_t n = 0; n < 50; ++n)
            plain.reader.word(n == 0 ? number : static_cast<std::uint32_t>(random()));
        plain.reader.engine();
    }
}

TEST_CASE("a sum that fits, over values that no contract has, reads not known") {
    PlainTable plain;
    wire::FlagRow row = PlainTable::plan(3);
    row.flags.knowledge = 99;
    row.flags.last_knowledge = -4;
    row.flags.flags[0].state = ~0U;
    plain.writer.put(numbered(1), row);
    careplug_flags_record record{};
    std::int64_t deadline = 0;
    REQUIRE(plain.reader.find(numbered(1), record, deadline));
    check_sane(record);
    CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(record.flags[0].state ==
          (CAREPLUG_FLAG_LAST_KNOWN | CAREPLUG_FLAG_CHANGED | CAREPLUG_FLAG_COVERED));
}

TEST_CASE("a writer that ended in the middle of a row leaves the answer before it") {
    PlainTable plain;
    plain.writer.put(numbered(1), PlainTable::plan(1));
    const std::vector<std::uint64_t> before = plain.memory;
    plain.writer.put(numbered(1), PlainTable::plan(2));
    const std::vector<std::uint64_t> after = plain.memory;
    // Whatever part of the second had reached the memory, in whatever order.
    std::vector<std::size_t> differing;
    for (std::size_t at = 0; at < before.size(); ++at)
        if (before[at] != after[at]) differing.push_back(at);
    REQUIRE(differing.size() > 5);
    const std::size_t version = differing.front();  // stands before the copies
    std::mt19937_64 random(7);
    for (int i = 0; i < 1000; ++i) {
        plain.memory = before;
        for (const std::size_t at : differing)
            if (at != version && random() % 2 == 0) plain.memory[at] = after[at];
        REQUIRE(plain.revision(numbered(1)) == 1);
    }
    plain.memory = after;
    CHECK(plain.revision(numbered(1)) == 2);
}
