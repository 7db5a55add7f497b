#include "flag_store.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace careplug;
using loader::FlagStore;
using loader::Moment;

namespace {

template <std::size_t size>
void put(std::uint8_t (&field)[size], const char* text) {
    std::memcpy(field, text, std::strlen(text));
}

careplug_patient_key patient(const char* number, const char* born = "1944-06-19", std::int32_t status = 1) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = status;
    put(key.nhs_number, number);
    put(key.birth_date, born);
    return key;
}

wire::Word word(std::uint32_t number, std::int32_t slot, const char* id) {
    wire::Word made;
    made.word = number;
    made.record.slot = slot;
    put(made.record.id, id);
    return made;
}

constexpr std::uint32_t not_known = 1, plan = 2, no_plan = 3, dnacpr = 4;
constexpr std::int64_t deadline = 1000;
const auto someone = patient("9990000018");

FlagStore store_with(std::int32_t knowledge, std::vector<std::uint32_t> words) {
    FlagStore store;
    store.apply(word(not_known, CAREPLUG_SLOT_KNOWLEDGE, "not-known"));
    store.apply(word(plan, CAREPLUG_SLOT_KNOWLEDGE, "plan"));
    store.apply(word(no_plan, CAREPLUG_SLOT_KNOWLEDGE, "no-plan"));
    store.apply(word(dnacpr, CAREPLUG_SLOT_CPR, "dnacpr"));
    store.begin_watch({someone});
    store.accept_watch();
    wire::FlagsRow row;
    row.patient = someone;
    row.deadline = deadline;
    row.flags.knowledge = knowledge;
    row.flags.checked = 555;
    for (const auto number : words) row.flags.flags[row.flags.count++].word = number;
    wire::FlagsTable table;
    table.rows.push_back(row);
    store.apply(table);
    return store;
}

const Moment fresh{deadline - 1, 9000, false, false};
const Moment stale{deadline + 100, 9000, false, false};

}  // namespace

TEST_CASE("a fresh answer is given as it came") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, {plan, dnacpr});
    const auto record = store.read(someone, fresh);
    CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(record.count == 2);
    CHECK(record.flags[0].word == plan);
    CHECK(record.flags[1].state == 0);
    CHECK(record.reason == CAREPLUG_REASON_NONE);
}

TEST_CASE("\"no plan\" that is no longer fresh reads not known, and no flag says \"no plan\"") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_NO_PLAN, {no_plan});
    CHECK(store.read(someone, fresh).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    for (const std::int64_t boot : {deadline, deadline + 1}) {
        const auto record = store.read(someone, {boot, 9000, false, false});
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
        CHECK(record.reason == CAREPLUG_REASON_STALE);
        REQUIRE(record.count == 1);
        CHECK(record.flags[0].word == not_known);
    }
}

TEST_CASE("a plan that is no longer fresh keeps its flags as last known") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, {plan, dnacpr});
    const auto record = store.read(someone, stale);
    CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(record.since == 9000 - 100);
    CHECK(record.checked == 555);
    REQUIRE(record.count == 2);
    CHECK(record.flags[0].word == not_known);
    CHECK(record.flags[0].state == 0);
    CHECK(record.flags[1].word == dnacpr);
    CHECK(record.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
}

TEST_CASE("the reason names the engine, the exchange, or that nobody asked") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, {plan, dnacpr});
    CHECK(store.read(someone, {0, 0, true, false}).reason == CAREPLUG_REASON_ENGINE);
    CHECK(store.read(someone, {0, 0, true, false}).flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(store.read(someone, {deadline, 0, false, true}).reason == CAREPLUG_REASON_UNREACHABLE);
    // Unreachable, but the answer is still fresh.
    CHECK(store.read(someone, {0, 0, false, true}).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    const auto other = store.read(patient("9990000026"), fresh);
    CHECK(other.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK(other.reason == CAREPLUG_REASON_NOT_ASKED);
    REQUIRE(other.count == 1);
    CHECK(other.flags[0].word == not_known);
    CHECK(store.read(patient("9990000026"), {0, 0, true, false}).reason == CAREPLUG_REASON_ENGINE);
}

TEST_CASE("H1: another birth date or number status finds nothing") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, {plan, dnacpr});
    CHECK(store.read(patient("999 000 0018"), fresh).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(store.read(patient("9990000018", "1944-06-18"), fresh).reason == CAREPLUG_REASON_NOT_ASKED);
    CHECK(store.read(patient("9990000018", "1944-06-19", 2), fresh).reason == CAREPLUG_REASON_NOT_ASKED);
}

TEST_CASE("an unknown knowledge means not known") {
    for (const std::int32_t knowledge : {-1, 6, 77}) {
        const auto record = store_with(knowledge, {plan, dnacpr}).read(someone, fresh);
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.reason == CAREPLUG_REASON_OTHER);
        CHECK(record.flags[0].word == not_known);
        CHECK(record.flags[1].state == CAREPLUG_FLAG_LAST_KNOWN);
    }
}

TEST_CASE("\"not known\" stands where the policy had put the knowledge, and once") {
    const auto record = store_with(CAREPLUG_KNOWLEDGE_PLAN, {dnacpr, plan, plan}).read(someone, stale);
    REQUIRE(record.count == 2);
    CHECK(record.flags[0].word == dnacpr);
    CHECK(record.flags[0].state == CAREPLUG_FLAG_LAST_KNOWN);
    CHECK(record.flags[1].word == not_known);
    CHECK(record.flags[1].state == 0);
}

TEST_CASE("twelve flags without a knowledge flag leave room for \"not known\"") {
    const auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, std::vector<std::uint32_t>(12, dnacpr));
    const auto record = store.read(someone, stale);
    CHECK(record.count == CAREPLUG_FLAGS_MAX);
    CHECK(record.flags[0].word == not_known);
}

TEST_CASE("a new watch list forgets the others once the engine took it") {
    auto store = store_with(CAREPLUG_KNOWLEDGE_PLAN, {plan, dnacpr});
    store.begin_watch({patient("9990000026")});
    CHECK(store.read(someone, fresh).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    SECTION("accepted") {
        store.accept_watch();
        CHECK(store.read(someone, fresh).reason == CAREPLUG_REASON_NOT_ASKED);
        store.begin_watch({someone});
        store.accept_watch();
        CHECK(store.read(someone, fresh).reason == CAREPLUG_REASON_NOT_ASKED);
    }
    SECTION("refused") {
        store.refuse_watch();
        CHECK(store.read(someone, fresh).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    }
}

TEST_CASE("an unknown word opens the plan, in the slot of CPR") {
    const FlagStore store;
    const auto record = store.word(4711);
    CHECK(record.slot == CAREPLUG_SLOT_CPR);
    CHECK(std::string(reinterpret_cast<const char*>(record.words)) == "Open plan");
}
