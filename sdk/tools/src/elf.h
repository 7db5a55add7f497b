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

// Throws Failed where the file is no 64-bit ELF library of this machine's byte order.
ElfFacts elf_facts(const std::filesystem::path& file);

}  // namespace careplug::tools
