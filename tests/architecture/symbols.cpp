#include "symbols.h"

#include <cstdio>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace careplug::architecture {

std::set<std::string> functions_declared(const std::string& header) {
    static const std::regex comment(R"(/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)");
    static const std::regex function(R"(CAREPLUG_API[^;(]*\b(careplug_[a-z_]+)\s*\()");
    const std::string code = std::regex_replace(header, comment, "");
    std::set<std::string> names;
    for (auto at = std::sregex_iterator(code.begin(), code.end(), function); at != std::sregex_iterator();
         ++at)
        names.insert((*at)[1]);
    return names;
}

std::vector<std::string> foreign_symbols(const std::string& nm_output, const std::set<std::string>& allowed,
                                         const std::string& own) {
    std::vector<std::string> found;
    std::istringstream lines(nm_output);
    for (std::string line; std::getline(lines, line);) {
        // "address kind name" or "kind name" for an undefined symbol; the name may hold spaces.
        const auto start = line.find("careplug");
        if (start == std::string::npos) continue;
        static const std::regex parts(R"(^\s*(?:[0-9a-f]+\s+)?([A-Za-z])\s+(.*)$)");
        std::smatch match;
        if (!std::regex_match(line, match, parts)) continue;
        const std::string written = match[2];
        const std::string name = written.substr(0, written.find_first_of("@$"));
        // A linker may name its own jump to an imported function: "careplug_open$plt".
        const bool jump = written.find("$plt") != std::string::npos;
        const bool imported = jump || match[1] == "U" || match[1] == "w" || match[1] == "v";
        if (imported && allowed.count(name) == 1) continue;
        static const std::regex library(R"(\bcareplug::(plan|wire|loader|engine|exchange|plugin)\b)");
        // Nothing but a name: "careplug_flag* std::..." is a function of the C++ library for a record of
        // host.h.
        const bool ours_in_c = name.starts_with("careplug_") && name.find(' ') == std::string::npos;
        const bool of_the_sdk = std::regex_search(name, library);
        const bool imported_other = imported && name.find("careplug::" + own) == std::string::npos;
        if (ours_in_c || of_the_sdk || imported_other) found.push_back(name);
    }
    return found;
}

std::string nm(const std::filesystem::path& program) {
    const std::string command = "LC_ALL=C nm -C '" + program.string() + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    if (!pipe) throw std::runtime_error("nm cannot be run");
    std::string output;
    char part[4096];
    while (const std::size_t count = std::fread(part, 1, sizeof part, pipe.get())) output.append(part, count);
    return output;
}

}  // namespace careplug::architecture
