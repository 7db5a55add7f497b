#include "check_options.h"

#include <fstream>
#include <iostream>
#include <sstream>

#include "report.h"

namespace careplug::tools {

std::filesystem::path this_program() {
    std::error_code wrong;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", wrong);
    if (wrong) throw UsageError("/proc is not mounted, so the checker cannot start itself for each test.");
    return program;
}

std::map<std::string, std::string> read_opt_out(const Arguments& arguments,
                                                const std::function<void(const std::string& id)>& known) {
    std::map<std::string, std::string> reasons;
    const auto file = arguments.value("--opt-out");
    if (!file) return reasons;
    std::ifstream in(*file);
    if (!in) throw UsageError("The opt-out file " + *file + " cannot be read.");
    for (std::string line; std::getline(in, line);) {
        if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
        std::istringstream words(line);
        std::string id, reason;
        words >> id >> std::ws;
        std::getline(words, reason);
        known(id);
        if (reason.empty())
            throw UsageError("The opt-out of " + id +
                             " gives no reason: write it behind the id, on the same line.");
        reasons[id] = reason;
    }
    return reasons;
}

Reproduction reproduction(const std::string& text, const std::string& example) {
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon + 1 == text.size())
        throw UsageError("--reproduce needs " + example);
    return {text.substr(0, colon), text.substr(colon + 1)};
}

int finish(const Report& report, const Arguments& arguments) {
    if (const auto file = arguments.value("--junit")) {
        std::ofstream out(*file, std::ios::binary);
        out << as_junit(report);
        out.close();
        if (!out) throw UsageError("The report " + *file + " cannot be written.");
    }
    std::cout << (arguments.has("--json") ? as_json(report) : as_text(report)) << std::flush;
    if (!std::cout) throw UsageError("The report could not be written to standard output.");
    return static_cast<int>(report.verdict());
}

}  // namespace careplug::tools
