// Small readings of text that several tests need.
#pragma once

#include <string>
#include <string_view>

namespace careplug::tools {

bool valid_utf8(std::string_view text);
bool contains(std::string_view text, std::string_view part);
std::string html_escaped(std::string_view text);
// What a reader of the HTML sees: tags left out, entities as characters.
std::string words_of_html(std::string_view html);
std::string digits_of(std::string_view text);
// The first bytes of an answer, on one line, for a report.
std::string excerpt(std::string_view text);

}  // namespace careplug::tools
