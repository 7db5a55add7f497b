#include "system/json_text.h"

namespace careplug::engine {

void JsonText::quote(std::string_view value) {
    static constexpr char hex[] = "0123456789abcdef";
    text_ += '"';
    std::size_t kept = 0;
    for (std::size_t at = 0; at < value.size(); ++at) {
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
