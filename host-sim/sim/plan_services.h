// The engines and jails of the simulated hosts: how they fare, and what may be done to them to see that
// nothing comes of it. What is shown is what each host reads through host.h, in the document `session-state`:
// any vendor's page can show it, on any system. Only to crash or stop a process its number is used, and only
// of a process below a host that runs here.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "packages.h"

namespace careplug::sim {

// Installs libcareplug, engine, jail and the host's program in a folder of their own, so that they can be
// replaced for one host alone. Returns the host's program.
std::filesystem::path install_programs(const std::filesystem::path& from, const std::filesystem::path& to);

struct SimulatedHost {
    std::string url;
    pid_t process = -1;
    std::filesystem::path programs;
};

class PlanServices {
public:
    PlanServices(std::filesystem::path programs, const Packages& packages)
        : programs_(std::move(programs)), packages_(packages) {}

    void add(const std::string& kind, SimulatedHost host) { hosts_[kind] = std::move(host); }
    nlohmann::json read() const;
    // `part` is engine or plugin, `act` is crash, hang or upgrade. Throws std::runtime_error with a sentence.
    void act(const std::string& kind, const std::string& part, const std::string& act);

private:
    nlohmann::json of(const std::string& kind, const SimulatedHost& host) const;
    void end(const SimulatedHost& host, const std::string& part, int signal) const;

    const std::filesystem::path programs_;
    const Packages& packages_;
    std::map<std::string, SimulatedHost> hosts_;
    std::mutex acting_;
};

}  // namespace careplug::sim
