// The plugins as a hospital would get them: packages signed with the command `careplug`, and a trust folder
// that allows their key. The key lives as long as the simulator.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "folder.h"

namespace careplug::sim {

class Packages {
public:
    // `built` are the plugins that were built, `next` the same with the number of the next version. Installs
    // the first. Throws std::runtime_error with one sentence that says what to do.
    Packages(const Folder& folder, std::filesystem::path programs, std::filesystem::path built,
             std::filesystem::path next);

    // Puts the version that is not there in the place of the one that is: beside it, then renamed.
    void exchange(const std::string& kind) const;
    std::string version(const std::string& kind) const;

private:
    void run_tool(const std::vector<std::string>& words) const;
    void make(const std::filesystem::path& package, const std::filesystem::path& plugin,
              const std::string& kind) const;

    const Folder& folder_;
    const std::filesystem::path programs_;
    const std::filesystem::path built_;
    const std::filesystem::path next_;
};

}  // namespace careplug::sim
