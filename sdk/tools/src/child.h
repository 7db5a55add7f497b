// One process with a descriptor to report on, killed for certain at its time limit.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace careplug::tools {

// The descriptor on which a started process reports.
inline constexpr int report_descriptor = 3;

struct Ended {
    bool started = false;
    bool timed_out = false;
    int signal = 0;  // that ended it; 0 where none did
    int exit_code = 0;
    std::string report;
};

struct Start {
    std::vector<std::string> arguments;    // the first is the program: a path, or a name in PATH
    std::vector<std::string> environment;  // empty: this process's
    std::string folder;                    // empty: this process's
    std::chrono::milliseconds limit;
    bool show_output = false;  // otherwise what it writes is dropped
};

// Runs to the end. The whole process group is killed at the end, so that nothing outlives the test.
Ended run_process(const Start& start);

}  // namespace careplug::tools
