#include "pattern.h"

#ifdef _WIN32
#include <regex>
#else
#include <regex.h>
#endif

namespace careplug::plan {

#ifdef _WIN32

// Windows has no regex.h. Without __polynomial the library's matcher would call itself for every letter of
// the text, and a long answer would end the process.
bool matches(const std::string& text, const std::string& pattern) {
    try {
        const std::regex expression(
            pattern, std::regex::extended | std::regex::nosubs | std::regex_constants::__polynomial);
        return std::regex_search(text, expression);
    } catch (const std::regex_error&) {
        return false;
    }
}

#else

bool matches(const std::string& text, const std::string& pattern) {
    regex_t expression;
    if (regcomp(&expression, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
    const bool found = regexec(&expression, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&expression);
    return found;
}

#endif

}  // namespace careplug::plan
