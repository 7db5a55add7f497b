#include "flag_records.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>

#include "barrier.h"
#include "documents.h"

namespace careplug::plugin {

namespace {

// A board holds at most 1000 patients of at most CAREPLUG_FLAGS_MAX flags; this leaves room to grow.
constexpr std::uint64_t most_records = 1'000'000;

// The size of the record in the first version of the contract; it grows at its end.
constexpr std::size_t first_size = offsetof(careplug_policy_flag, id) + sizeof careplug_policy_flag::id;

std::uint32_t size_of(const unsigned char* at) {
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof size);
    return size;
}

// As much as both sides know. Records may lie at any alignment, so they are copied.
careplug_policy_flag read(const unsigned char* at) {
    careplug_policy_flag record{};
    std::memcpy(&record, at, std::min<std::size_t>(size_of(at), sizeof record));
    return record;
}

PatientFlag value_of(const careplug_policy_flag& record) {
    char id[sizeof record.id + 1] = {};
    std::memcpy(id, record.id, sizeof record.id);
    return {id,
            knowledge_of(record.knowledge),
            record.slot,
            record.rank,
            record.state,
            record.order,
            record.covered != 0};
}

void write(unsigned char* at, careplug_policy_flag record, const PatientFlag& value) {
    const std::size_t stated = record.size;
    const std::size_t known = std::min(stated, sizeof record);
    record.size = static_cast<std::uint32_t>(known);
    record.order = value.order;
    record.covered = value.covered ? 1 : 0;
    std::memcpy(at, &record, known);
    std::memset(at + known, 0, stated - known);
}

}  // namespace

void order_records(const Policy& policy, careplug_policy_flag* flags, std::uint64_t stride,
                   std::uint64_t count, const Now& now) {
    if (count == 0) return;
    if (flags == nullptr || stride < first_size || count > most_records || stride > UINT64_MAX / most_records)
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT,
                            "with an array of flags that is null, too long or of too small a stride");
    auto* const base = reinterpret_cast<unsigned char*>(flags);
    const auto at = [&](std::size_t index) { return base + index * static_cast<std::size_t>(stride); };

    std::map<std::uint32_t, std::vector<std::size_t>> patients;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t size = size_of(at(i));
        if (size < first_size || size > stride)
            throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT,
                                "with a flag whose size is below version 1's or above the stride");
        patients[read(at(i)).patient].push_back(i);
    }

    std::vector<PatientFlag> decided(static_cast<std::size_t>(count));
    for (const auto& [patient, indices] : patients) {
        std::vector<PatientFlag> own;
        for (const std::size_t index : indices) own.push_back(value_of(read(at(index))));
        policy.flags(own, now);
        for (std::size_t k = 0; k < indices.size(); ++k) decided[indices[k]] = std::move(own[k]);
    }
    for (std::size_t i = 0; i < decided.size(); ++i) write(at(i), read(at(i)), decided[i]);
}

}  // namespace careplug::plugin
