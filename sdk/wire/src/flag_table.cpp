#include <careplug/wire/flag_table.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace careplug::wire {
namespace {

// As the host wrote it, without spaces.
template <std::size_t size>
std::uint8_t* put_without_spaces(const std::uint8_t (&field)[size], std::uint8_t* to) {
    std::uint8_t* const end = to + size;
    for (const std::uint8_t byte : field) {
        if (byte == 0) break;
        if (byte != ' ') *to++ = byte;
    }
    return end;
}

}  // namespace

std::uint32_t table_rows(std::size_t patients) {
    const std::size_t wanted = std::clamp<std::size_t>(patients * 2, least_rows, most_rows);
    return static_cast<std::uint32_t>(std::bit_ceil(wanted));
}

Hash patient_tag(const HashKey& key, const careplug_patient_key& patient) {
    std::array<std::uint8_t, 40> bytes{};
    std::uint8_t* to = put_without_spaces(patient.nhs_number, bytes.data());
    to = put_without_spaces(patient.birth_date, to);
    std::memcpy(to, &patient.number_status, sizeof patient.number_status);
    std::array<std::uint64_t, 5> words{};
    std::memcpy(words.data(), bytes.data(), bytes.size());
    Hash tag = siphash(key, words);
    tag.high |= 1;  // never the tag of a free row
    return tag;
}

}  // namespace careplug::wire
