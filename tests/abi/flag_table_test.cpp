#include "flag_table.h"

#include <careplug/wire/flag_memory.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>

#include "flag_patients.h"

using namespace careplug;
using loader::FlagTable;
using test::patient;
using test::word;
using wire::FlagMemory;

namespace {

constexpr std::int64_t deadline = 100000;
const auto someone = patient("9990000018");
const auto another = patient("9990000026");
struct At {
    std::int64_t boot = deadline - 1;
    bool engine_gone = false;
};
const At fresh;
const At stale{deadline + 100};
constexpr std::int64_t now = 900000;

// A loader's table and the engine that writes it.
struct Both {
    FlagTable table;
    std::unique_ptr<FlagMemory> engine;
    std::uint32_t not_known = 0, plan = 0, no_plan = 0, dnacpr = 0;

    explicit Both(std::size_t patients = 0) { give(patients, FlagTable::After::growth); }

    void give(std::size_t patients, FlagTable::After after) {
        auto made = table.make(patients);
        REQUIRE(made);
        auto next = std::make_unique<FlagMemory>(made->told, made->memory.descriptor());
        engine = std::move(next);
        auto& writer = engine->table();
        writer.beat(deadline);
        not_known = writer.word(word(CAREPLUG_SLOT_KNOWLEDGE, "not-known"));
        plan = writer.word(word(CAREPLUG_SLOT_KNOWLEDGE, "plan"));
        no_plan = writer.word(word(CAREPLUG_SLOT_KNOWLEDGE, "no-plan"));
        dnacpr = writer.word(word(CAREPLUG_SLOT_CPR, "dnacpr"));
        writer.not_known_word(not_known);
        table.use(std::move(*made), after, deadline);
    }

    void put(std::int32_t knowledge, const std::vector<std::uint32_t>& words,
             const careplug_patient_key& key = someone) {
        wire::FlagRow row;
        row.deadline = deadline;
        row.flags.knowledge = knowledge;
        row.flags.checked = 555;
        for (const auto number : words) row.flags.flags[row.flags.count++].word = number;
        REQUIRE(engine->table().put(key, row));
    }
    careplug_flags_record read(const At& at = fresh, const careplug_patient_key& key = someone) const {
        careplug_flags_record record;
        std::memset(&record, 0xEE, sizeof record);
        table.read(key, table.moment(at.engine_gone, at.boot, [] { return now; }), record);
        return record;
    }
};

}  // namespace

TEST_CASE("a fresh answer is given as it came") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    const auto record = both.read();
    CHECK(record.size == sizeof record);
    CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(record.count == 2);
    CHECK(record.flags[0].word == both.plan);
    CHECK(record.flags[1].state == 0);
    CHECK(record.reason == CAREPLUG_REASON_NONE);
    CHECK(std::string(reinterpret_cast<const char*>(both.table.word(both.dnacpr).id)) == "dnacpr");
}

TEST_CASE("H3: an answer of no plan that is no longer fresh reads not known, and no flag says no plan") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_NO_PLAN, {both.no_plan});
    CHECK(both.read().knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    for (const std::int64_t boot : {deadline, deadline + 1}) {
        const auto record = both.read({boot, false});
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
        CHECK(record.reason == CAREPLUG_REASON_STALE);
        REQUIRE(record.count == 1);
        CHECK(record.flags[0].word == both.not_known);
    }
}

TEST_CASE("H2: a plan that is no longer fresh keeps its flags as last known") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    const auto record = both.read(stale);
    CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(record.since == now - 100);
    CHECK(record.checked == 555);
    REQUIRE(record.count == 2);
    CHECK(record.flags[0].word == both.not_known);
    CHECK(record.flags[0].state == 0);
    CHECK(record.flags[1].word == both.dnacpr);
    CHECK(record.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
}

TEST_CASE("H3: the reason names the engine, the exchange, or that nobody asked") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    CHECK(both.read({deadline - 1, true}).reason == CAREPLUG_REASON_ENGINE);
    CHECK(both.read({deadline - 1, true}).flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(both.read(fresh, another).reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(both.read(fresh, another).flags[0].word == both.not_known);
    CHECK(both.read({deadline - 1, true}, another).reason == CAREPLUG_REASON_ENGINE);
    both.engine->table().unreachable(true);
    CHECK(both.read(stale).reason == CAREPLUG_REASON_UNREACHABLE);
    // Unreachable, but the answer is still fresh.
    CHECK(both.read().knowledge == CAREPLUG_KNOWLEDGE_PLAN);
}

TEST_CASE(
    "H3, H16: an engine that no longer says that it lives is hung: nothing is known, though rows are fresh") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    const std::int64_t beat = deadline - 60000;
    both.engine->table().beat(beat);
    CHECK(both.read({beat + wire::hung_after_milliseconds, false}).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    const auto hung = both.read({beat + wire::hung_after_milliseconds + 1, false});
    CHECK(hung.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(hung.reason == CAREPLUG_REASON_ENGINE);
    CHECK(hung.since == now - wire::hung_after_milliseconds - 1);
    CHECK(hung.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    both.engine->table().beat(deadline - 10);
    CHECK(both.read().knowledge == CAREPLUG_KNOWLEDGE_PLAN);
}

TEST_CASE("H1: another birth date or number status finds nothing") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    CHECK(both.read(fresh, patient("999 000 0018")).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(both.read(fresh, patient("9990000081")).reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(both.read(fresh, patient("9990000018", "1944-06-18")).reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(both.read(fresh, patient("9990000018", "1944-06-19", 2)).reason == CAREPLUG_REASON_NOT_ASKED);
}

TEST_CASE("H3: an unknown knowledge means not known") {
    for (const std::int32_t knowledge : {-1, 6, 77}) {
        Both both;
        both.put(knowledge, {both.plan, both.dnacpr});
        const auto record = both.read();
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.reason == CAREPLUG_REASON_OTHER);
        CHECK(record.flags[0].word == both.not_known);
        CHECK(record.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    }
}

TEST_CASE("\"not known\" stands where the policy had put the knowledge, and once") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.dnacpr, both.plan, both.plan});
    const auto record = both.read(stale);
    REQUIRE(record.count == 2);
    CHECK(record.flags[0].word == both.dnacpr);
    CHECK(record.flags[0].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(record.flags[1].word == both.not_known);
    CHECK(record.flags[1].state == 0);
}

TEST_CASE("twelve flags without a knowledge flag leave room for \"not known\"") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, std::vector<std::uint32_t>(12, both.dnacpr));
    const auto record = both.read(stale);
    CHECK(record.count == CAREPLUG_FLAGS_MAX);
    CHECK(record.flags[0].word == both.not_known);
}

TEST_CASE("who is no longer watched has no row") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan}, another);
    const std::vector<careplug_patient_key> kept{another};
    both.engine->table().keep_only(kept);
    CHECK(both.read().reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(both.read(fresh, another).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
}

TEST_CASE("an unknown word opens the plan, in the slot of CPR") {
    const FlagTable table;
    const auto record = table.word(4711);
    CHECK(record.slot == CAREPLUG_SLOT_CPR);
    CHECK(std::string(reinterpret_cast<const char*>(record.words)) == "Open plan");
}

TEST_CASE("a longer list gets a larger table, and words of the one before stay readable") {
    Both both;
    CHECK(both.table.has_room_for(256));
    CHECK_FALSE(both.table.has_room_for(257));
    const auto earlier = both.dnacpr;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    both.give(1000, FlagTable::After::growth);
    CHECK(both.table.has_room_for(1000));
    CHECK(both.dnacpr != earlier);
    CHECK(std::string(reinterpret_cast<const char*>(both.table.word(earlier).id)) == "dnacpr");
    // The rows of the table before do not count: the same engine has written those that are watched again.
    CHECK(both.read().reason == CAREPLUG_REASON_NOT_ASKED);
}

TEST_CASE("H16: what a former engine wrote is last known until the new one has an answer") {
    Both both;
    both.put(CAREPLUG_KNOWLEDGE_PLAN, {both.plan, both.dnacpr});
    const auto earlier = both.dnacpr;
    both.give(0, FlagTable::After::restart);
    const auto is_last_known = [&] {
        const auto record = both.read();
        return record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && record.reason == CAREPLUG_REASON_ENGINE &&
               record.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN && record.count == 2 &&
               record.flags[0].word == both.not_known && record.flags[1].word == earlier &&
               record.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN && record.since != 0;
    };
    CHECK(is_last_known());
    wire::FlagRow row;
    row.flags.reason = CAREPLUG_REASON_SIGNED_OUT;
    row.deadline = deadline;
    both.engine->table().put(someone, row);
    CHECK(is_last_known());
    SECTION("the new engine answers") {
        both.put(CAREPLUG_KNOWLEDGE_NO_PLAN, {both.no_plan});
        CHECK(both.read().knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    }
    SECTION("a second engine ends before it had an answer") {
        both.give(0, FlagTable::After::restart);
        CHECK(is_last_known());
    }
    SECTION("somebody else signs in") {
        both.table.forget_former();
        CHECK(both.read().reason == CAREPLUG_REASON_SIGNED_OUT);
        CHECK(both.read().count == 1);
    }
    SECTION("nobody signs in for a minute") {
        const auto record = both.read({deadline + 60000, false});
        CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.count == 1);
    }
}

TEST_CASE("H9: two sessions never see each other's rows, and their tables have other keys") {
    Both gp;
    Both ae;
    gp.put(CAREPLUG_KNOWLEDGE_PLAN, {gp.plan, gp.dnacpr});
    CHECK(ae.read().reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(gp.table.make(0)->told.key != ae.table.make(0)->told.key);
}
