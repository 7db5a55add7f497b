#include <careplug/wire/siphash.h>

#include <bit>

namespace careplug::wire {
namespace {

struct State {
    std::uint64_t a, b, c, d;

    void round() {
        a += b;
        c += d;
        b = std::rotl(b, 13) ^ a;
        d = std::rotl(d, 16) ^ c;
        a = std::rotl(a, 32);
        c += b;
        a += d;
        b = std::rotl(b, 17) ^ c;
        d = std::rotl(d, 21) ^ a;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
    std::uint64_t give() {
        for (int i = 0; i < 4; ++i) round();
        return a ^ b ^ c ^ d;
    }
};

}  // namespace

Hash siphash(const HashKey& key, std::span<const std::uint64_t> words) {
    // "somepseudorandomlygeneratedbytes", as the authors chose; 0xee and 0xdd mark the wide output.
    State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d ^ 0xee, key[0] ^ 0x6c7967656e657261,
                key[1] ^ 0x7465646279746573};
    for (const std::uint64_t word : words) state.take(word);
    state.take(static_cast<std::uint64_t>(words.size() * 8) << 56);
    state.c ^= 0xee;
    Hash hash;
    hash.low = state.give();
    state.b ^= 0xdd;
    hash.high = state.give();
    return hash;
}

}  // namespace careplug::wire
