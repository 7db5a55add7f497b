#include "system/json_text.h"

#include <cstring>

namespace careplug::engine {
namespace {

// Whether one of eight bytes is 0.
constexpr std::uint64_t zero_among(std::uint64_t bytes) {
    return (bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080;
}

// Eight letters at once of what most texts are: nothing to escape.
std::size_t plain_beginning(std::string_view value, std::size_t from) {
    constexpr std::uint64_t each = 0x0101010101010101;
    for (; value.size() - from >= 8; from += 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, value.data() + from, sizeof bytes);
        const std::uint64_t control = (bytes - each * 0x20) & ~bytes & (each * 0x80);
        if ((control | zero_among(bytes ^ (each * std::uint64_t{'"'})) |
             zero_among(bytes ^ (each * std::uint64_t{'\\'}))) != 0)
            break;
    }
    return from;
}

}  // namespace

void JsonText::quote(std::string_view value) {
    static constexpr char hex[] = "0123456789abcdef";
    text_ += '"';
    std::size_t kept = 0;
    for (std::size_t at = plain_beginning(value, 0); at < value.size(); ++at) {
        const auto letter = static_cast<unsigned char>(value[at]);
        if (letter >= 0x20 && letter != '"' && letter != '\\') continue;
        text_.append(value, kept, at - kept);
        kept = at + 1;
        if (letter == '"' || letter == '\\') {
            text_ += '\\';
            text_ += value[at];
        } else {
            text_ += "\\u00";
            text_ += hex[letter >> 4];
            text_ += hex[letter & 15];
        }
    }
    text_.append(value, kept, value.size() - kept);
    text_ += '"';
}

}  // namespace careplug::engine
