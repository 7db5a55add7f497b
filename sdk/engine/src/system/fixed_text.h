// Text into a fixed field of the contract, cut between characters and ended with a zero.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace careplug::engine {

// So many bytes of it, cut between characters.
inline std::string cut(const std::string& text, std::size_t most) {
    std::size_t length = std::min(text.size(), most);
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    return text.substr(0, length);
}

template <std::size_t size>
void put_text(std::uint8_t (&field)[size], const std::string& text) {
    const std::size_t length = cut(text, size - 1).size();
    std::memcpy(field, text.data(), length);
    field[length] = 0;
}

}  // namespace careplug::engine
