// Writes the bytes of one of each kind of record and message, so that platforms can be compared: as the wire
// carries them, and as the two sides of a face share them in memory.
#include <careplug/plugin.h>
#include <careplug/wire/calls.h>
#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/records.h>

#include <cstdio>
#include <cstring>

using namespace careplug;

namespace {

void print(const char* name, wire::View bytes) {
    std::printf("%s %u ", name, static_cast<unsigned>(bytes.size()));
    for (const std::uint8_t byte : bytes) std::printf("%02x", static_cast<unsigned>(byte));
    // One byte ends a line on every platform.
    std::printf(";");
}

template <class Record>
void print_memory(const char* name, const Record& record) {
    print(name, {reinterpret_cast<const std::uint8_t*>(&record), sizeof record});
}

template <class Record>
void print_record(const char* name, const Record& record) {
    print_memory(name, record);
    wire::Writer writer;
    wire::write(writer, record);
    print(name, writer.take());
}

template <std::size_t size>
void put(std::uint8_t (&field)[size], const char* text) {
    std::memcpy(field, text, std::strlen(text));
}

careplug_patient_key patient() {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = 1;
    put(key.nhs_number, "9990000018");
    put(key.birth_date, "1944-06-19");
    return key;
}

careplug_flags_record flags() {
    careplug_flags_record record{};
    record.size = sizeof record;
    record.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    record.reason = CAREPLUG_REASON_NOT_ASKED;
    record.count = CAREPLUG_FLAGS_MAX;
    record.revision = 0xFFFFFFFE;
    for (std::uint32_t i = 0; i < CAREPLUG_FLAGS_MAX; ++i) {
        record.flags[i].word = i + 1;
        record.flags[i].state = CAREPLUG_FLAG_CHANGED;
        record.flags[i].changed = INT64_MIN + i;
    }
    return record;
}

careplug_word_record word() {
    careplug_word_record record{};
    record.size = sizeof record;
    record.slot = CAREPLUG_SLOT_CPR;
    put(record.id, "dnacpr");
    put(record.words, "Zo\xC3\xAB");
    return record;
}

careplug_operation_record operation() {
    return {sizeof(careplug_operation_record), CAREPLUG_OPERATION_DONE, CAREPLUG_REFUSED_CONFLICT,
            0x80000001};
}

careplug_event event() {
    return {sizeof(careplug_event), CAREPLUG_EVENT_FLAGS, CAREPLUG_OK, 0, 1ULL << 40, 5, UINT64_MAX, -2};
}

careplug_policy_flag policy_flag() {
    careplug_policy_flag record{};
    record.size = sizeof record;
    record.patient = 3;
    record.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    record.slot = CAREPLUG_SLOT_CPR;
    record.rank = -1;
    record.state = CAREPLUG_FLAG_COVERED;
    put(record.id, "dnacpr");
    return record;
}

void print_messages() {
    wire::Hello hello;
    hello.host_name = "Alder 4.2";
    hello.settings = "/etc/careplug/settings.json";
    print("hello", wire::encode(hello));
    print("hello_answer", wire::encode(wire::HelloAnswer{CAREPLUG_REFUSED_STORAGE, "No.", "EACCES"}));
    wire::Reply reply;
    reply.status = CAREPLUG_REFUSED_INVALID;
    reply.created = UINT64_MAX - 1;
    print("reply", wire::encode(reply));
    reply.result = "";
    print("reply", wire::encode(reply));
    print("event", wire::encode(wire::Event{CAREPLUG_EVENT_REQUEST, CAREPLUG_OK, 12, "{}", 1ULL << 40, -1}));
    print("table", wire::encode(wire::Table{3, 1024, {1ULL << 63, 7}}));
    print("operation", wire::encode(wire::OperationState{1ULL << 63, operation()}));
}

// The words of a flag table that are not zero, each with its place.
void print_table() {
    const wire::HashKey key{0x0123456789abcdef, 0xfedcba9876543210};
    std::vector<std::uint64_t> memory(wire::table_bytes(wire::least_rows) / 8);
    wire::FlagTableWriter table(std::as_writable_bytes(std::span(memory)), wire::least_rows, key, 3);
    table.beat(1LL << 40);
    table.unreachable(true);
    table.not_known_word(table.word(word()));
    table.put(patient(), {flags(), INT64_MAX});
    wire::Writer writer;
    for (std::size_t at = 0; at < memory.size(); ++at) {
        if (memory[at] == 0) continue;
        writer.u32(static_cast<std::uint32_t>(at));
        writer.u64(memory[at]);
    }
    print("flag_table", writer.take());
}

void print_calls() {
    using wire::Call;
    const std::vector<careplug_patient_key> two = {patient(), patient()};
    print("watch", wire::encode<Call::watch>(7, two));
    print("patient_open", wire::encode<Call::patient_open>(0, patient(), std::string_view("Marlowe, Iris"),
                                                           std::int64_t{-5}, std::string_view()));
    print("complete", wire::encode<Call::complete>(0, std::uint64_t{1} << 62, std::int64_t{CAREPLUG_REFUSED},
                                                   std::string_view("No.")));
}

}  // namespace

int main() {
    print_record("patient_key", patient());
    print_memory("flags_record", flags());
    print_memory("word_record", word());
    print_record("operation_record", operation());
    print_memory("offer", careplug_offer{sizeof(careplug_offer), 1, 2, 3});
    print_memory("answer", careplug_answer{sizeof(careplug_answer), 1, 2, 3, {'N', 'o'}});
    print_memory("event", event());
    print_memory("policy_flag", policy_flag());
    print_messages();
    print_table();
    print_calls();
    return 0;
}
