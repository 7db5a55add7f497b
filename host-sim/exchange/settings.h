// The command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace careplug::exchange {

struct Settings {
    std::filesystem::path data;
    std::filesystem::path trust;
    std::filesystem::path data_sets;
    std::string listen = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any that is free
    bool help = false;
};

// Throws StartProblem.
Settings read_settings(int count, const char* const* arguments);
const char* usage();

}  // namespace careplug::exchange
