// Text into a fixed field of the contract, cut between characters and ended with a zero.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace careplug::engine {

template <std::size_t size>
void put_text(std::uint8_t (&field)[size], const std::string& text) {
    std::size_t length = std::min(text.size(), size - 1);
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    std::memcpy(field, text.data(), length);
    field[length] = 0;
}

}  // namespace careplug::engine
