#include "pattern.h"

#ifdef _WIN32
#include <regex>
#else
#include <regex.h>
#endif

namespace careplug::plan {

#ifdef _WIN32

// Windows has no regex.h. __polynomial takes all ways through the pattern in step, once along the text: the
// library's other matcher calls itself for each letter, and a long answer would end the process. Its search
// would start again at each letter.
bool matches(const std::string& text, const std::string& pattern) {
    constexpr auto grammar = std::regex::extended | std::regex::nosubs | std::regex_constants::__polynomial;
    try {
        const std::regex well_formed(pattern, grammar);
        return std::regex_match(text, std::regex(".*(" + pattern + ").*", grammar));
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
