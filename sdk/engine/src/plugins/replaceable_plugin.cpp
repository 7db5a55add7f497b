#include "plugins/replaceable_plugin.h"

#include <careplug/controls/controls.h>

#include <nlohmann/json.hpp>

namespace careplug::engine {
namespace {

using nlohmann::json;

class ReplaceablePolicy : public Policy {
public:
    ReplaceablePolicy(std::shared_ptr<ReplaceablePlugin> plugin, const json& session)
        : plugin_(std::move(plugin)), session_(std::make_unique<json>(session)) {
        policy();
    }

    void flags(std::vector<careplug_policy_flag>& flags, std::int64_t now) override {
        policy().flags(flags, now);
    }
    json actions(const json& patient, std::int64_t now) override { return policy().actions(patient, now); }
    json panel(const json& request, std::int64_t now) override { return policy().panel(request, now); }
    json check(const json& response, std::int64_t now) override { return policy().check(response, now); }
    json summary(const json& plan, std::int64_t now) override { return policy().summary(plan, now); }
    json write_back(const json& plan, std::int64_t now) override { return policy().write_back(plan, now); }

private:
    Policy& policy() {
        const std::uint64_t replaced = plugin_->replaced();
        if (policy_ && replaced == replaced_) return *policy_;
        policy_.reset();
        policy_ = plugin_->now()->open(*session_);
        replaced_ = replaced;
        return *policy_;
    }

    const std::shared_ptr<ReplaceablePlugin> plugin_;
    const std::unique_ptr<const json> session_;
    std::unique_ptr<Policy> policy_;
    std::uint64_t replaced_ = 0;
};

}  // namespace

bool ReplaceablePlugin::fits(const PluginFacts& facts) const {
    const PluginFacts mine = now()->facts();
    return (facts.id == mine.id && facts.view == mine.view) || !control::on("H16.same-plugin");
}

void ReplaceablePlugin::replace(std::shared_ptr<Plugin> plugin) {
    {
        const std::lock_guard lock(mutex_);
        std::swap(plugin_, plugin);
        ++replaced_;
    }
    // The former ends here, unless a session has still to see that it was replaced.
}

std::unique_ptr<Policy> ReplaceablePlugin::open(const json& session) {
    return std::make_unique<ReplaceablePolicy>(shared_from_this(), session);
}

std::uint64_t ReplaceablePlugin::replaced() const {
    const std::lock_guard lock(mutex_);
    return replaced_;
}

std::shared_ptr<Plugin> ReplaceablePlugin::now() const {
    const std::lock_guard lock(mutex_);
    return plugin_;
}

}  // namespace careplug::engine
