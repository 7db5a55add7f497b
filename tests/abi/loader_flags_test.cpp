#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "loaded_library.h"

namespace {

// What a host of a later contract may pass: more fields at the end, and its own data behind.
struct LaterRecord {
    careplug_flags_record known;
    std::uint64_t later;
};
struct Row {
    LaterRecord record;
    std::uint64_t of_the_host;
};

struct LaterKey {
    careplug_patient_key known;
    std::uint32_t later;
};

std::vector<careplug_flags_record> read(const OpenPanel& open,
                                        const std::vector<careplug_patient_key>& patients) {
    std::vector<careplug_flags_record> records(patients.size());
    REQUIRE(library().flags(open.session, patients.data(), sizeof(careplug_patient_key), records.data(),
                            sizeof(careplug_flags_record), patients.size()) == CAREPLUG_OK);
    return records;
}

std::string word(const OpenPanel& open, std::uint32_t number) {
    careplug_word_record record{};
    record.size = sizeof record;
    REQUIRE(library().word(open.session, number, &record) == CAREPLUG_OK);
    return reinterpret_cast<const char*>(record.words);
}

const std::vector<careplug_patient_key> board{
    patient_key("9990000018", "1944-06-19"), patient_key("9990000026", "1900-01-01"),
    patient_key("9990000034", "1900-01-02"), patient_key("9990000042", "1900-01-03"),
    patient_key("9990000050", "1900-01-04")};

careplug_status watch(const OpenPanel& open, const std::vector<careplug_patient_key>& patients) {
    return library().watch(open.session, patients.data(), sizeof(careplug_patient_key), patients.size(),
                           nullptr);
}

// The engine's process, which the test harms from outside.
pid_t process_of(const OpenPanel& open) {
    careplug_handle result = 0;
    REQUIRE(library().panel_update(open.panel, "process", 7, &result, nullptr) == CAREPLUG_OK);
    return std::stoi(library().take(result));
}

// Reads again until the flags say so, without any other call.
bool reads(const OpenPanel& open, std::int32_t knowledge, std::chrono::seconds limit,
           careplug_flags_record* found = nullptr) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto record = read(open, board)[0];
        if (found) *found = record;
        if (record.knowledge == knowledge) return true;
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace

TEST_CASE("flags are read from memory once they are watched, and what is stale or unasked reads not known") {
    const OpenPanel open;
    for (const auto& record : read(open, board)) {
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.reason == CAREPLUG_REASON_NOT_ASKED);
    }
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    const auto records = read(open, board);
    CHECK(records[0].size == sizeof(careplug_flags_record));
    CHECK(records[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(word(open, records[0].flags[0].word) == "Care plan");
    CHECK(word(open, records[0].flags[1].word) == "DNACPR");

    CHECK(records[1].knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(records[1].last_knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    CHECK(records[1].count == 1);
    CHECK(word(open, records[1].flags[0].word) == "Plan not known");

    CHECK(records[2].reason == CAREPLUG_REASON_STALE);
    CHECK(records[2].flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(word(open, records[2].flags[1].word) == "DNACPR");

    CHECK(records[3].reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(records[4].knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(word(open, 999) == "Open plan");
}

TEST_CASE("a stale answer names the exchange when it is unreachable") {
    OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    REQUIRE(open.script("unreachable") == CAREPLUG_OK);
    const auto records = read(open, board);
    CHECK(records[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(records[2].reason == CAREPLUG_REASON_UNREACHABLE);
}

TEST_CASE("when the engine is gone no flag is known, and the last known stay") {
    OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    REQUIRE(read(open, board)[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
    const auto records = read(open, board);
    for (const auto& record : records) CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(records[0].reason == CAREPLUG_REASON_ENGINE);
    CHECK(records[0].last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(word(open, records[0].flags[0].word) == "Plan not known");
    CHECK(records[0].flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(records[3].reason == CAREPLUG_REASON_ENGINE);
}

TEST_CASE("H16: an engine that is killed between two calls is seen by reading flags alone") {
    const OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    REQUIRE(read(open, board)[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    REQUIRE(::kill(process_of(open), SIGKILL) == 0);
    // The signal is given before kill returns; the process ends a moment later.
    careplug_flags_record record{};
    REQUIRE(reads(open, CAREPLUG_KNOWLEDGE_NOT_KNOWN, std::chrono::seconds(2), &record));
    CHECK(record.reason == CAREPLUG_REASON_ENGINE);
    CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(record.since != 0);
    CHECK(word(open, record.flags[1].word) == "DNACPR");
}

TEST_CASE("H16: an engine that stands still is seen by reading flags alone, and so is that it goes on") {
    const OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    const pid_t engine = process_of(open);
    REQUIRE(::kill(engine, SIGSTOP) == 0);
    CHECK(read(open, board)[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(reads(open, CAREPLUG_KNOWLEDGE_NOT_KNOWN, std::chrono::seconds(15)));
    CHECK(read(open, board)[0].reason == CAREPLUG_REASON_ENGINE);
    REQUIRE(::kill(engine, SIGCONT) == 0);
    CHECK(reads(open, CAREPLUG_KNOWLEDGE_PLAN, std::chrono::seconds(15)));
}

TEST_CASE("a list that grows is read from a larger table, and the engine never has the earlier one's rows") {
    const OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    const auto before = read(open, board);
    std::vector<careplug_patient_key> many;
    for (int i = 0; i < 1000; ++i)
        many.push_back(patient_key("9990000018", std::to_string(1000 + i).c_str()));
    REQUIRE(watch(open, many) == CAREPLUG_OK);
    for (const auto& record : read(open, many)) REQUIRE(record.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(read(open, board)[0].reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(word(open, before[0].flags[1].word) == "DNACPR");
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    CHECK(read(open, board)[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(read(open, many)[5].reason == CAREPLUG_REASON_NOT_ASKED);
}

TEST_CASE("the host's strides are followed, and nothing outside its records is written") {
    const OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    std::vector<LaterKey> keys;
    for (const auto& patient : board) keys.push_back({patient, 0xFFFFFFFF});
    for (auto& key : keys) key.known.size = sizeof(LaterKey);
    std::vector<Row> rows(board.size());
    for (auto& row : rows) {
        std::memset(&row, 0xEE, sizeof row);
        row.record.known.size = sizeof(LaterRecord);
    }
    REQUIRE(library().flags(open.session, &keys[0].known, sizeof(LaterKey), &rows[0].record.known,
                            sizeof(Row), rows.size()) == CAREPLUG_OK);
    CHECK(rows[0].record.known.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(rows[2].record.known.reason == CAREPLUG_REASON_STALE);
    for (const auto& row : rows) {
        CHECK(row.record.known.size == sizeof(careplug_flags_record));
        CHECK(row.record.later == 0);
        CHECK(row.of_the_host == 0xEEEEEEEEEEEEEEEE);
    }
}

TEST_CASE("a refusal to read flags leaves not known behind, never an old answer") {
    OpenPanel open;
    REQUIRE(watch(open, board) == CAREPLUG_OK);
    auto records = read(open, board);
    REQUIRE(records[0].knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    const careplug_handle stale = open.session;
    REQUIRE(library().session_close(open.session) == CAREPLUG_OK);
    CHECK(library().flags(stale, board.data(), sizeof(careplug_patient_key), records.data(),
                          sizeof(careplug_flags_record), records.size()) == CAREPLUG_REFUSED_HANDLE);
    for (const auto& record : records) {
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.count == 0);
    }
}

TEST_CASE("wrong arrays are refused") {
    const OpenPanel open;
    careplug_flags_record record{};
    const auto flags = [&](const careplug_patient_key* patients, std::uint64_t stride,
                           std::uint64_t out_stride, std::uint64_t count) {
        return library().flags(open.session, patients, stride, &record, out_stride, count);
    };
    CHECK(flags(board.data(), 40, sizeof record, 0) == CAREPLUG_OK);
    CHECK(flags(nullptr, 40, sizeof record, 1) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(flags(board.data(), 39, sizeof record, 1) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(flags(board.data(), 40, sizeof record - 1, 1) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(flags(board.data(), 40, sizeof record, ~std::uint64_t{0}) == CAREPLUG_REFUSED_ARGUMENT);
    record.size = 12;
    CHECK(flags(board.data(), 40, sizeof record, 1) == CAREPLUG_REFUSED_ARGUMENT);
    const std::vector<careplug_patient_key> many(1001, board[0]);
    CHECK(watch(open, many) == CAREPLUG_REFUSED_ARGUMENT);
    auto unsized = board;
    unsized[2].size = 0;
    CHECK(watch(open, unsized) == CAREPLUG_REFUSED_ARGUMENT);
    auto not_text = board;
    not_text[1].nhs_number[0] = 0xFF;
    CHECK(watch(open, not_text) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(watch(open, {}) == CAREPLUG_OK);
}
