// What a kind of host adds: order of flags, buttons, form, first screen, entries. Each call goes to the jail
// in which the plugin runs, and is answered within a deadline or fails.
#pragma once

#include <careplug/host.h>
#include <careplug/package/descriptor.h>
#include <careplug/plugin.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::engine {

// The plugin cannot be used, or did not answer this call: a sentence that names the plugin and what is wrong,
// and nobody's plan.
class PluginFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// It answered, and refused.
class PluginRefusal : public PluginFailure {
public:
    using PluginFailure::PluginFailure;
};

// It did not answer now, and may in a moment: Plugin::answers says when.
class PluginUnavailable : public PluginFailure {
public:
    using PluginFailure::PluginFailure;
};

struct PluginFacts {
    std::string id;
    std::string version;
    std::string view;
    std::string signature = {};  // of its package: who signed it, or that nobody did
};

// The policy of one session.
class Policy {
public:
    virtual ~Policy() = default;
    virtual void flags(std::vector<careplug_policy_flag>& flags, std::int64_t now) = 0;
    virtual nlohmann::json actions(const nlohmann::json& patient, std::int64_t now) = 0;
    virtual nlohmann::json panel(const nlohmann::json& request, std::int64_t now) = 0;
    virtual nlohmann::json check(const nlohmann::json& response, std::int64_t now) = 0;
    virtual nlohmann::json summary(const nlohmann::json& plan, std::int64_t now) = 0;
    virtual nlohmann::json write_back(const nlohmann::json& plan, std::int64_t now) = 0;
};

// How a plugin's process fares, for a page of the administrator.
struct PluginStatus {
    enum class State { starting, ready, resting, quarantined };
    State state = State::starting;
    std::int64_t process = 0;  // 0: none
    std::uint64_t memory = 0;  // resident bytes
    std::uint64_t calls = 0;
    std::uint64_t starts = 0;
    std::uint64_t failures = 0;
    std::string last_failure;          // a sentence; empty: none yet
    std::int64_t last_failure_at = 0;  // milliseconds since 1970
    std::int64_t next_start = 0;       // likewise, while resting or quarantined
    std::string sandbox;               // what holds and what this system lacks
};

class Plugin {
public:
    virtual ~Plugin() = default;
    virtual PluginFacts facts() const = 0;
    // From document `policy-session`. Throws where the plugin refuses the session; a plugin that does not
    // answer now is asked again with the first call.
    virtual std::unique_ptr<Policy> open(const nlohmann::json& session) = 0;
    virtual bool answers() const = 0;
    virtual PluginStatus status() const = 0;
    // How often a newer one took its place: what was made by the former is then made again.
    virtual std::uint64_t replaced() const { return 0; }
};

// The file of a plugin, already judged fit to be loaded: what lies behind the descriptor is what runs.
struct PluginFile {
    package::Descriptor descriptor;
    std::string name;            // for sentences and the list of processes: "gp.so"
    std::string signature = {};  // for its facts
};

// All in milliseconds.
struct JailTimes {
    std::int64_t start = 1500;  // process and library; a host waits 2 s for its first session
    std::int64_t document = 1000;
    std::int64_t flags = 500;
    // Before the first, second ... start after a failure; the last for all that follow.
    std::vector<std::int64_t> rests = {0, 250, 1000, 5000};
    // A plugin that failed so often in this time is left alone until the oldest failure is older.
    std::size_t most_failures = 8;
    std::int64_t window = 10 * 60 * 1000;
};

struct JailOptions {
    package::Descriptor program;                       // careplug-jail
    std::function<void(const std::string&)> say = {};  // to the log, from any thread
    JailTimes times = {};
};

// Starts the plugin in a jail and waits until it answers, or throws PluginFailure.
std::shared_ptr<Plugin> start_plugin(PluginFile file, JailOptions options);

// Leaves flags as the data set orders them, and has nothing else to say. `view` is what hosts of the kind
// see.
std::shared_ptr<Plugin> without_plugin(const std::string& view);

}  // namespace careplug::engine
