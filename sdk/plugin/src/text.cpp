#include "text.h"

#include <cstring>

#include "barrier.h"

namespace careplug::plugin {

bool valid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF5 ? 4
                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        // Overlong forms, surrogates and what lies beyond U+10FFFF.
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
            return false;
        i += length;
    }
    return true;
}

std::string_view text_in(const char* text, std::uint64_t length) {
    if (text == nullptr && length != 0)
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "with a text that is null but has a length");
    if (length == 0) throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "without the document that it needs");
    if (length > document_limit)
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "with a document larger than 16 MB");
    const std::string_view view(text, static_cast<std::size_t>(length));
    if (view.find('\0') != std::string_view::npos)
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "with a document that holds a NUL byte");
    if (!valid_utf8(view))
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "with a document that is not UTF-8");
    return view;
}

void TextOut::write(std::string_view answer) const noexcept {
    if (!usable()) return;
    *length = answer.size();
    if (answer.size() <= capacity && !answer.empty()) std::memcpy(out, answer.data(), answer.size());
}

}  // namespace careplug::plugin
