#include "session/status.h"

#include <careplug/wire/version.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

std::uint64_t own_memory() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t whole = 0;
    std::uint64_t resident = 0;
    file >> whole >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

const char* words(PluginStatus::State state) {
    switch (state) {
        case PluginStatus::State::starting:
            return "starting";
        case PluginStatus::State::ready:
            return "ready";
        case PluginStatus::State::resting:
            return "resting";
        case PluginStatus::State::quarantined:
            break;
    }
    return "quarantined";
}

std::string time_or_nothing(std::int64_t at) {
    return at == 0 ? std::string() : iso_time(at);
}

}  // namespace

json engine_status(Hub& hub) {
    const EngineFacts& facts = hub.facts();
    return {{"version", wire::words(wire::this_version())},
            {"process", ::getpid()},
            {"memory", own_memory()},
            {"calls", hub.calls().load()},
            {"started", iso_time(facts.started)},
            {"restarts", facts.restarts},
            {"upgrades", facts.upgrades},
            {"safe_mode", facts.safe_mode},
            {"sandbox", facts.sandbox}};
}

json plugin_status(const Plugin& plugin) {
    const PluginFacts facts = plugin.facts();
    const PluginStatus status = plugin.status();
    return {{"id", facts.id},
            {"version", facts.version},
            {"signature", facts.signature},
            {"state", words(status.state)},
            {"process", status.process},
            {"memory", status.memory},
            {"calls", status.calls},
            {"starts", status.starts},
            {"failures", status.failures},
            {"replaced", plugin.replaced()},
            {"last_failure", status.last_failure},
            {"last_failure_at", time_or_nothing(status.last_failure_at)},
            {"next_start", time_or_nothing(status.next_start)},
            {"sandbox", status.sandbox}};
}

}  // namespace careplug::engine
