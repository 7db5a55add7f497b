#include <careplug/wire/bytes.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace careplug::wire {

void Writer::u8(std::uint8_t value) {
    bytes_.push_back(value);
}

void Writer::u32(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
}

void Writer::u64(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
}

void Writer::text(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    // As bytes, so that they are copied at once and not letter by letter.
    raw({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

void Writer::raw(View bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

View Reader::raw(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
        fail();
        return {};
    }
    const View taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
}

std::uint8_t Reader::u8() {
    const View bytes = raw(1);
    return bytes.empty() ? std::uint8_t{0} : bytes[0];
}

std::uint32_t Reader::u32() {
    std::uint32_t value = 0;
    const View bytes = raw(4);
    for (std::size_t i = bytes.size(); i > 0; --i) value = (value << 8) | bytes[i - 1];
    return value;
}

std::uint64_t Reader::u64() {
    std::uint64_t value = 0;
    const View bytes = raw(8);
    for (std::size_t i = bytes.size(); i > 0; --i) value = (value << 8) | bytes[i - 1];
    return value;
}

std::string_view Reader::text() {
    const View bytes = raw(u32());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void Reader::fill(std::span<std::uint8_t> field) {
    const View bytes = raw(field.size());
    std::copy(bytes.begin(), bytes.end(), field.begin());
}

namespace {

constexpr std::size_t at_once = 32;

// Many bytes at once of what most texts are: none of them 0, none above 127.
std::size_t plain_beginning(std::string_view text, std::size_t from) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    for (; text.size() - from >= at_once; from += at_once) {
        std::array<std::uint64_t, at_once / 8> words;
        std::memcpy(words.data(), text.data() + from, at_once);
        std::uint64_t seen = 0;
        for (const std::uint64_t word : words) seen |= word | (word - ones);
        if ((seen & tops) != 0) break;
    }
    return from;
}

}  // namespace

bool valid_text(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    std::size_t i = plain_beginning(text, 0);
    while (i < text.size()) {
        const std::uint8_t first = at(i);
        if (first == 0) return false;
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || length > text.size() - i) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((at(i + k) & 0xC0) != 0x80) return false;
        const std::uint8_t second = at(i + 1);
        const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
        const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
        if (overlong || outside) return false;
        i = plain_beginning(text, i + length);
    }
    return true;
}

}  // namespace careplug::wire
