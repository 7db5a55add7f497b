// What a shared library exports and needs, read from its file without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace careplug::tools {

struct ElfFacts {
    std::vector<std::string> exported;
    std::vector<std::string> needed;
};

// Throws NotRun where the file is no 64-bit library: that is for the requirement about loading to judge.
ElfFacts elf_facts(const std::filesystem::path& file);

}  // namespace careplug::tools
