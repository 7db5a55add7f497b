// Small helpers for text, shared by the files of this room.
#pragma once

#include <string>
#include <string_view>

namespace careplug::plan {

// Lower case without accents, spaces or punctuation, for comparing names and words: "O'Neill-José " and
// "oneill jose" are equal. Letters outside Latin are kept as they are.
std::string folded(std::string_view text);

// A UUID made from text: the same text gives the same UUID.
std::string uuid_from(std::string_view seed);

bool is_blank(std::string_view text);
// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace careplug::plan
