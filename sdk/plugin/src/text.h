// Text across the boundary: what comes in is checked, what goes out follows the capacity protocol.
#pragma once

#include <careplug/base.h>
#include <cstdint>
#include <string_view>

namespace careplug::plugin {

// Documents above this are refused before they are read.
inline constexpr std::uint64_t document_limit = 16ULL * 1024 * 1024;

// Throws EngineMistake for null with a length, an oversized document, NUL or bytes that are no UTF-8.
std::string_view text_in(const char* text, std::uint64_t length);

bool valid_utf8(std::string_view text);

struct TextOut {
    char* out;
    std::uint64_t capacity;
    std::uint64_t* length;

    // Whether an answer can be given at all.
    bool usable() const { return length != nullptr && (out != nullptr || capacity == 0); }
    void write(std::string_view answer) const noexcept;
};

}  // namespace careplug::plugin
