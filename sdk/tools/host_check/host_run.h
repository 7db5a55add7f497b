// Runs a vendor's host once for each scenario, and judges it by each requirement.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "host_requirement.h"
#include "result.h"

namespace careplug::tools {

struct HostRun {
    // The first is a program; {loader} and {settings} in any of them are replaced by paths.
    std::vector<std::string> command;
    std::filesystem::path program;  // this one: it also plays the engine
    std::filesystem::path loader;   // copied for each run
    std::chrono::milliseconds limit{60'000};
    unsigned at_once = 0;  // 0: as many as there are processors
    bool show_output = false;
    std::filesystem::path keep;  // where each run's timeline is left; empty: nowhere
};

// Throws std::runtime_error where a private folder cannot be made.
std::vector<Day> run_days(const HostRun& run, std::span<const Scenario* const> wanted);

Result judge_days(const HostRequirement& requirement, std::span<const Day> days);

}  // namespace careplug::tools
