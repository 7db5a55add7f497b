// Runs each requirement's test in a process of its own, so that whatever a plugin does ends that test alone.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "result.h"

namespace careplug::tools {

struct Run {
    Trial trial;
    std::chrono::milliseconds limit{30'000};       // of one test, then SIGKILL
    std::map<std::string, std::string> opted_out;  // id to reason
    unsigned at_once = 0;                          // 0: as many as there are processors
    bool show_output = false;                      // of the plugin
};

std::vector<Result> run_all(const Run& run, std::span<const Requirement* const> wanted);

// The other side: runs one test in this process and reports on the descriptor. The exit status of a test
// that came to its end is 0, whatever the outcome.
int run_one(const std::string& id, const Trial& trial, int result_descriptor);

}  // namespace careplug::tools
