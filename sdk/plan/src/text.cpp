#include "text.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace careplug::plan {

namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  // 0: not UTF-8
};

CodePoint decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    std::size_t length = 0;
    char32_t value = 0;
    if (lead < 0x80) return {lead, 1};
    if (lead >= 0xC2 && lead < 0xE0) {
        length = 2;
        value = lead & 0x1FU;
    } else if (lead >= 0xE0 && lead < 0xF0) {
        length = 3;
        value = lead & 0x0FU;
    } else if (lead >= 0xF0 && lead < 0xF5) {
        length = 4;
        value = lead & 0x07U;
    }
    if (length == 0 || text.size() < length) return {};
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {};
    return {value, length};
}

// Base letters of U+00C0 to U+017F; an empty entry stands for "keep as it is".
constexpr std::array<std::string_view, 192> base_letters{
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o",
    "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e",
    "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th",
    "y",
    // U+0100
    "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", "d", "d", "e", "e", "e",
    "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g", "g", "g", "g", "g", "h", "h", "h", "h", "i", "i",
    "i", "i", "i", "i", "i", "i", "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l",
    "l", "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o", "o", "o", "oe", "oe",
    "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s", "s", "s", "t", "t", "t", "t", "t", "t", "u",
    "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z",
    "z", "s"};

bool is_dropped(char32_t c) {
    const bool ascii_letter_or_digit =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0x80) return !ascii_letter_or_digit;
    const bool combining = c >= 0x300 && c < 0x370;
    const bool punctuation = (c >= 0x2000 && c < 0x2070) || c == 0xA0;
    return combining || punctuation;
}

std::uint64_t hash(std::string_view text, std::uint64_t start) {
    std::uint64_t value = start;
    for (const char c : text) {
        value ^= static_cast<unsigned char>(c);
        value *= 1099511628211ULL;
    }
    // FNV leaves the high bits of short texts alike; this mixes them.
    value ^= value >> 33U;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33U;
    return value;
}

}  // namespace

std::string folded(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const CodePoint point = decode(text);
        const std::size_t length = point.length == 0 ? 1 : point.length;
        const char32_t c = point.value;
        if (point.length == 0) {
            result += text.front();
        } else if (!is_dropped(c)) {
            if (c >= 'A' && c <= 'Z')
                result += static_cast<char>(c - 'A' + 'a');
            else if (c >= 0xC0 && c < 0x180 && !base_letters[c - 0xC0].empty())
                result += base_letters[c - 0xC0];
            else
                result += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return result;
}

std::string uuid_from(std::string_view seed) {
    const std::uint64_t high = hash(seed, 14695981039346656037ULL);
    const std::uint64_t low = hash(seed, 0x9ae16a3b2f90404fULL);
    std::array<char, 37> text{};
    // Version 8 (RFC 9562): made by a rule of its own.
    std::snprintf(text.data(), text.size(), "%08x-%04x-8%03x-%04x-%04x%08x",
                  static_cast<unsigned>(high >> 32U), static_cast<unsigned>((high >> 16U) & 0xFFFFU),
                  static_cast<unsigned>(high & 0xFFFU),
                  static_cast<unsigned>(((low >> 48U) & 0x3FFFU) | 0x8000U),
                  static_cast<unsigned>((low >> 32U) & 0xFFFFU), static_cast<unsigned>(low & 0xFFFFFFFFU));
    return text.data();
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

}  // namespace careplug::plan
