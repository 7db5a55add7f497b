// What binds the words of a row or of a word together, so that a half or noise is recognised.
#ifndef CAREPLUG_WIRE_FLAG_TABLE_SUM_H
#define CAREPLUG_WIRE_FLAG_TABLE_SUM_H

#include <careplug/wire/flag_table.h>

namespace careplug::wire {

inline constexpr std::uint64_t removed_low = 1;  // with high 0: free again, and probes go on past it

namespace detail {
constexpr auto odd_numbers() {
    std::array<std::uint64_t, 24> made{};
    std::uint64_t state = 0x9e3779b97f4a7c15;
    for (auto& each : made) {
        state += 0x9e3779b97f4a7c15;
        std::uint64_t mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        each = (mixed ^ (mixed >> 31)) | 1;
    }
    return made;
}
inline constexpr auto factors = odd_numbers();
}  // namespace detail

// A sum of products, which a processor does side by side. Not zero where all is zero.
template <std::size_t size>
std::uint64_t table_sum(const std::array<std::uint64_t, size>& words, std::uint64_t version,
                        const Hash& tag) {
    static_assert(size + 3 < detail::factors.size());
    std::uint64_t sum = detail::factors[size + 3] + version * detail::factors[size] +
                        tag.low * detail::factors[size + 1] + tag.high * detail::factors[size + 2];
    for (std::size_t i = 0; i < size; ++i) sum += (words[i] ^ (words[i] >> 32)) * detail::factors[i];
    sum = (sum ^ (sum >> 29)) * 0xbf58476d1ce4e5b9;
    return sum ^ (sum >> 32);
}

}  // namespace careplug::wire

#endif
