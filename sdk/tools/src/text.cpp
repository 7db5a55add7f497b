#include "text.h"

#include <array>
#include <utility>

namespace careplug::tools {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 8> entities = {{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&#39;", '\''},
                                                                        {"&#x27;", '\''},
                                                                        {"&#34;", '"'},
                                                                        {"&apos;", '\''}}};

std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) return 3;
    return lead < 0xF5 ? 4 : 0;
}

}  // namespace

bool valid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = sequence_length(lead);
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        // Overlong forms, surrogates, beyond U+10FFFF.
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
            return false;
        i += length;
    }
    return true;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        bool written = false;
        for (const auto& [name, character] : entities)
            if (!written && character == c) {
                out += name;
                written = true;
            }
        if (!written) out += c;
    }
    return out;
}

std::string words_of_html(std::string_view html) {
    std::string words;
    bool tag = false;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '<') tag = true;
        if (!tag) {
            bool entity = false;
            for (const auto& [name, character] : entities)
                if (!entity && html.substr(i, name.size()) == name) {
                    words += character;
                    i += name.size() - 1;
                    entity = true;
                }
            if (!entity) words += html[i];
        }
        if (html[i] == '>') tag = false;
    }
    return words;
}

std::string digits_of(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c >= '0' && c <= '9') digits += c;
    return digits;
}

std::string excerpt(std::string_view text) {
    constexpr std::size_t most = 160;
    std::string line(text.substr(0, most));
    // A cut may fall within a character.
    for (int i = 0; i < 3 && text.size() > most && !valid_utf8(line); ++i) line.pop_back();
    if (!valid_utf8(line)) return "bytes that are no UTF-8";
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return text.size() > most ? line + " ..." : line;
}

}  // namespace careplug::tools
