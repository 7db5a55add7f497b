// The command line of careplug-sim.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace careplug::sim {

struct Options {
    unsigned short port = 8080;  // of the start page; hosts and exchange take the next four. 0: any free ones
    std::filesystem::path data;
    std::size_t patients = 80;
    std::uint64_t seed = 1;
    bool json = false;
};

std::string usage();
// Nothing when help was asked for. Throws std::invalid_argument with a sentence.
std::optional<Options> read_options(int count, char** values);

}  // namespace careplug::sim
