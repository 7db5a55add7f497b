// A plugin that a newer one may replace while sessions run: between two calls. A policy is opened again in
// whatever runs when it is asked next, and the process of the former ends with the last call that it answers.
#pragma once

#include <mutex>

#include "plugins/policy.h"

namespace careplug::engine {

class ReplaceablePlugin : public Plugin, public std::enable_shared_from_this<ReplaceablePlugin> {
public:
    explicit ReplaceablePlugin(std::shared_ptr<Plugin> plugin) : plugin_(std::move(plugin)) {}

    // Whether sessions may go on with it: they were opened with this id, and show this view.
    bool fits(const PluginFacts& facts) const;
    void replace(std::shared_ptr<Plugin> plugin);

    PluginFacts facts() const override { return now()->facts(); }
    std::unique_ptr<Policy> open(const nlohmann::json& session) override;
    bool answers() const override { return now()->answers(); }
    PluginStatus status() const override { return now()->status(); }
    std::uint64_t replaced() const override;

    std::shared_ptr<Plugin> now() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<Plugin> plugin_;
    std::uint64_t replaced_ = 0;
};

}  // namespace careplug::engine
