#include "plan_services.h"

#include <signal.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "json_client.h"

namespace careplug::sim {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* engine_file = "careplug-engine";
constexpr const char* installed[] = {"careplug-sim-host", "libcareplug.so", engine_file, "careplug-jail"};

// The process that started it; 0 where there is none.
pid_t parent_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    // The name stands in brackets and may hold anything.
    const std::size_t after = text.rfind(')');
    if (after == std::string::npos) return 0;
    std::istringstream fields(text.substr(after + 1));
    std::string state;
    pid_t parent = 0;
    fields >> state >> parent;
    return parent;
}

bool is_below(pid_t process, pid_t host) {
    for (int steps = 0; process > 1 && steps < 4; ++steps)
        if ((process = parent_of(process)) == host) return true;
    return false;
}

}  // namespace

fs::path install_programs(const fs::path& from, const fs::path& to) {
    fs::create_directories(to);
    for (const char* name : installed) {
        fs::remove(to / name);
        std::error_code error;
        fs::create_hard_link(from / name, to / name, error);
        if (error) fs::copy_file(from / name, to / name);
    }
    return to / installed[0];
}

json PlanServices::read() const {
    json hosts = json::array();
    for (const std::string kind : host_kinds)
        if (const auto host = hosts_.find(kind); host != hosts_.end())
            hosts.push_back(of(kind, host->second));
    return {{"hosts", std::move(hosts)}};
}

json PlanServices::of(const std::string& kind, const SimulatedHost& host) const {
    json out{
        {"kind", kind}, {"url", host.url}, {"process", host.process}, {"installed", packages_.version(kind)}};
    json said;
    try {
        said = get_json(host.url + "api/plan-service");
    } catch (const std::exception&) {
        said = {{"sentence", "This host does not answer."}};
    }
    for (const char* name : {"answers", "sentence", "events"})
        if (said.contains(name)) out[name] = said[name];
    const json state = said.value("state", json::object());
    for (const char* name : {"engine", "plugin", "exchange"})
        if (state.contains(name)) out[name] = state[name];
    return out;
}

void PlanServices::end(const SimulatedHost& host, const std::string& part, int signal) const {
    const json said = get_json(host.url + "api/plan-service");
    const json state = said.value("state", json::object());
    const pid_t process = state.value(json::json_pointer("/" + part + "/process"), 0);
    if (process <= 0 || !is_below(process, host.process))
        throw std::runtime_error("It does not run at this moment: look again when it does.");
    if (::kill(process, signal) != 0 && errno != ESRCH)
        throw std::runtime_error("This process cannot be reached from here.");
}

void PlanServices::act(const std::string& kind, const std::string& part, const std::string& act) {
    const auto host = hosts_.find(kind);
    if (host == hosts_.end() || (part != "engine" && part != "plugin"))
        throw std::runtime_error("There is no such host, or no such part of it.");
    const std::lock_guard lock(acting_);
    if (act == "crash") return end(host->second, part, SIGKILL);
    if (act == "hang") return end(host->second, part, SIGSTOP);
    if (act != "upgrade") throw std::runtime_error("It can be crashed, hung or upgraded.");
    if (part == "plugin") return packages_.exchange(kind);
    const fs::path place = host->second.programs / engine_file;
    const fs::path beside = place.string() + ".new";
    fs::copy_file(programs_ / engine_file, beside, fs::copy_options::overwrite_existing);
    fs::rename(beside, place);
}

}  // namespace careplug::sim
