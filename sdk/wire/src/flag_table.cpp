#include <careplug/controls/controls.h>
#include <careplug/wire/flag_table.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace careplug::wire {
namespace {

constexpr std::uint64_t each_byte = 0x0101010101010101;

// The lowest byte that is zero is marked with its top bit; above it marks may be wrong.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
    return (word - each_byte) & ~word & (each_byte << 7);
}

// A field of 16 bytes as the host wrote it, up to its first NUL and without spaces.
struct Field {
    std::array<std::uint64_t, 2> words{};

    explicit Field(const std::uint8_t (&field)[16]) {
        std::memcpy(words.data(), field, 16);
        if ((zero_bytes(words[0] ^ (each_byte * ' ')) | zero_bytes(words[1] ^ (each_byte * ' '))) != 0)
            leave_spaces_out(field);
        else
            end_at_zero();
    }

private:
    void end_at_zero() {
        for (std::size_t at = 0; at < 2; ++at) {
            const std::uint64_t zeros = zero_bytes(words[at]);
            if (zeros == 0) continue;
            words[at] &= ((zeros & (~zeros + 1)) >> 7) - 1;
            if (at == 0) words[1] = 0;
            return;
        }
    }
    void leave_spaces_out(const std::uint8_t (&field)[16]) {
        std::array<std::uint8_t, 16> kept{};
        std::size_t count = 0;
        for (const std::uint8_t byte : field) {
            if (byte == 0) break;
            if (byte != ' ') kept[count++] = byte;
        }
        std::memcpy(words.data(), kept.data(), 16);
    }
};

}  // namespace

std::uint32_t table_rows(std::size_t patients) {
    const std::size_t wanted = std::clamp<std::size_t>(patients * 2, least_rows, most_rows);
    return static_cast<std::uint32_t>(std::bit_ceil(wanted));
}

static_assert(std::endian::native == std::endian::little);

Hash patient_tag(const HashKey& key, const careplug_patient_key& patient) {
    const Field number(patient.nhs_number);
    const careplug_patient_key nobody{};
    const Field born(control::on("H1.rows-by-whole-key") ? patient.birth_date : nobody.birth_date);
    const std::array<std::uint64_t, 5> words{number.words[0], number.words[1], born.words[0], born.words[1],
                                             static_cast<std::uint32_t>(patient.number_status)};
    Hash tag = siphash(key, words);
    tag.high |= 1;  // never the tag of a free row
    return tag;
}

}  // namespace careplug::wire
