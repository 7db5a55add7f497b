// What a kind of host adds: order of flags, buttons, form, first screen, entries. An interface, so that the
// calls may go to another process without a change on this side.
#pragma once

#include <careplug/host.h>
#include <careplug/plugin.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::engine {

// The plugin cannot be used: a sentence that names the file and what is wrong with it.
class PluginFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct PluginFacts {
    std::string id;
    std::string version;
    std::string view;
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

class Plugin {
public:
    virtual ~Plugin() = default;
    virtual const PluginFacts& facts() const = 0;
    // From document `policy-session`.
    virtual std::unique_ptr<Policy> open(const nlohmann::json& session) = 0;
};

// Loads the file into this process, or throws PluginFailure.
std::shared_ptr<Plugin> load_plugin(const std::string& file);

}  // namespace careplug::engine
