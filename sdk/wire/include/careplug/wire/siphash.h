// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein), over whole 64-bit words: without its key
// nobody can tell whose hash it is, nor make another patient's number fall on it.
#ifndef CAREPLUG_WIRE_SIPHASH_H
#define CAREPLUG_WIRE_SIPHASH_H

#include <array>
#include <cstdint>
#include <span>

namespace careplug::wire {

using HashKey = std::array<std::uint64_t, 2>;

struct Hash {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    auto operator<=>(const Hash&) const = default;
};

Hash siphash(const HashKey& key, std::span<const std::uint64_t> words);

}  // namespace careplug::wire

#endif
