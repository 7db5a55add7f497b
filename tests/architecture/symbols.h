// Which symbols of ours a program uses.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace careplug::architecture {

// The functions that a C header declares: names that start with "careplug_" and are followed by "(".
std::set<std::string> functions_declared(const std::string& header);

// Symbols in the output of nm that are ours and not among `allowed`: C names of careplug_, and C++ names
// of libraries of the SDK. `own` is the namespace that the program's own code may use.
std::vector<std::string> foreign_symbols(const std::string& nm_output, const std::set<std::string>& allowed,
                                         const std::string& own);

std::string nm(const std::filesystem::path& program);

}  // namespace careplug::architecture
