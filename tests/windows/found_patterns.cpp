// Writes which patterns are found in which answers: each platform has a matcher of its own.
#include <cstdio>
#include <string>

#include "pattern.h"

int main() {
    const std::string patterns[] = {
        "[0-9]{4,6}",
        "^[0-9]+$",
        "key *safe",
        "(door|gate)s?$",
        "[[:alpha:]]+ [[:digit:]]{2}",
        "a|b|c",
        "^$",
        ".",
        "\\.",
        "[^a-z ]",
        "(ab)*c",
        "x{0,3}y",
        "(",
        "[z-a]",
        "*",
        "a{2,1}",
        "[[:nothing:]]",
        "\\",
    };
    const std::string texts[] = {
        "",
        "4711",
        "the key safe opens with 4711",
        "gates",
        "through the side gate",
        "room 12",
        "ababc",
        "xxxy",
        "Zo\xC3\xAB",
        "a.b",
        // A matcher that calls itself for each letter would not come back from this.
        std::string(20000, 'x') + "4711",
    };
    for (const std::string& pattern : patterns) {
        std::printf("%s ", pattern.c_str());
        for (const std::string& text : texts)
            std::printf("%d", careplug::plan::matches(text, pattern) ? 1 : 0);
        std::printf(";");
    }
    return 0;
}
