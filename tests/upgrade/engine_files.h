// The engine and the jail beside the loader of these tests: copies that a test replaces as a package manager
// does, by a rename.
#pragma once

#include <filesystem>
#include <string>

namespace careplug::test {

struct EngineFiles {
    EngineFiles() { restore(); }

    void restore();  // the real ones, as new files
    void install_engine(unsigned mode = 0755);
    void install_text(const std::string& text);
    void install_program(const std::filesystem::path& program);
    void install_jail(const std::filesystem::path& program);

    std::filesystem::path folder = std::filesystem::path(CAREPLUG_BUILD_DIR) / "tests/upgrade-installed";
    std::filesystem::path engine = folder / "careplug-engine";
    std::filesystem::path jail = folder / "careplug-jail";
};

std::string contents_of(const std::filesystem::path& file);

}  // namespace careplug::test
