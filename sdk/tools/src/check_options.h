// What `careplug check` and `careplug check-host` have in common: which requirements, what is left out, the
// report.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "arguments.h"
#include "result.h"

namespace careplug::tools {

std::filesystem::path this_program();

// Throws UsageError for an id that is none.
template <class Each>
const Each* named(const std::string& id, const Each* (*find)(std::string_view)) {
    const Each* const found = find(id);
    if (found == nullptr)
        throw UsageError("There is no requirement " + id + ": careplug requirements lists them.");
    return found;
}

// Those of --only, or all that count at this strictness.
template <class Each>
std::vector<const Each*> chosen(const Arguments& arguments, int strictness, std::span<const Each> all,
                                const Each* (*find)(std::string_view)) {
    std::vector<const Each*> wanted;
    for (const std::string& id : arguments.list("--only")) wanted.push_back(named(id, find));
    if (arguments.has("--only")) {
        if (wanted.empty()) throw UsageError("No requirement was chosen, so nothing would be checked.");
        return wanted;
    }
    for (const Each& each : all)
        if (strictness > 0 || each.level == Level::mandatory) wanted.push_back(&each);
    return wanted;
}

// Lines of an id and a reason; # begins a comment. `known` throws for an id that is none.
std::map<std::string, std::string> read_opt_out(const Arguments& arguments,
                                                const std::function<void(const std::string& id)>& known);

// ID:REST of --reproduce.
struct Reproduction {
    std::string id;
    std::string rest;
};
Reproduction reproduction(const std::string& text, const std::string& example);

// Writes what --json and --junit ask for. The exit status.
int finish(const Report& report, const Arguments& arguments);

}  // namespace careplug::tools
