// Bytes as small hexadecimal digits, and their SHA-256.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace careplug::package {

std::string hex_of(std::string_view bytes);
// Exactly `size` bytes in small digits; nothing otherwise.
std::optional<std::string> bytes_of(std::string_view hex, std::size_t size);
std::string sha256(std::string_view bytes);  // 32 bytes
// 64 small hexadecimal digits.
bool is_sha256(std::string_view text);

}  // namespace careplug::package
