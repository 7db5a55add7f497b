// Whatever an engine writes into the shared table: it is read within bounds, and every value that a host may
// act on is one of the contract's.
#include <careplug/wire/flag_table.h>

#include <cstdlib>
#include <cstring>
#include <vector>

using namespace careplug::wire;

namespace {

constexpr HashKey key{1, 2};

careplug_patient_key someone() {
    careplug_patient_key patient{};
    patient.size = sizeof patient;
    patient.number_status = 1;
    std::memcpy(patient.nhs_number, "9990000018", 10);
    std::memcpy(patient.birth_date, "1944-06-19", 10);
    return patient;
}

void require(bool held) {
    if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static std::vector<std::uint64_t> memory(table_bytes(least_rows) / 8);
    auto* bytes = reinterpret_cast<std::uint8_t*>(memory.data());
    const std::span<std::byte> table = std::as_writable_bytes(std::span(memory));
    const FlagTableReader reader(table, least_rows, key);
    careplug_flags_record record{};
    std::int64_t deadline = 0;

    // A row as a faulty engine may write it: any values, and a sum that fits.
    FlagRow row;
    std::memcpy(&row.flags, data, std::min(size, sizeof row.flags));
    FlagTableWriter writer(table, least_rows, key, 1);
    require(writer.put(someone(), row));
    for (const bool noise : {false, true}) {
        // Then noise, at the row or anywhere, with a sum that does not fit.
        if (noise && size > 8) {
            std::uint64_t at = 0;
            std::memcpy(&at, data, 8);
            const std::size_t room = memory.size() * 8 - size;
            std::memcpy(
                bytes + (size % 2 == 0 ? at % room
                                       : (patient_tag(key, someone()).low % least_rows) * sizeof(FlagSlot)),
                data, size);
        }
        if (!reader.find(someone(), record, deadline)) continue;
        require(record.size == sizeof record && record.count <= CAREPLUG_FLAGS_MAX);
        require(record.knowledge >= 0 && record.knowledge <= CAREPLUG_KNOWLEDGE_REMOVED);
        require(record.last_knowledge >= 0 && record.last_knowledge <= CAREPLUG_KNOWLEDGE_REMOVED);
        require((record.reason == CAREPLUG_REASON_NONE) ==
                (record.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN));
        reader.word(record.flags[0].word);
    }
    reader.engine();
    std::memset(bytes, 0, memory.size() * 8);
    return 0;
}
