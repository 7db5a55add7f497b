#include <nlohmann/json.hpp>

#include "plugins/policy.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

[[noreturn]] void refuse() {
    throw PluginUnavailable(
        "The plan service stopped again and again, so it now runs without plugins: plans are shown and "
        "drafts "
        "are kept, but nothing can be published. Tell the administrator.");
}

class NoPolicy : public Policy {
public:
    void flags(std::vector<careplug_policy_flag>&, std::int64_t) override {}
    json actions(const json&, std::int64_t) override { refuse(); }
    json panel(const json&, std::int64_t) override { refuse(); }
    json check(const json&, std::int64_t) override { refuse(); }
    json summary(const json&, std::int64_t) override { refuse(); }
    json write_back(const json&, std::int64_t) override { refuse(); }
};

class NoPlugin : public Plugin {
public:
    explicit NoPlugin(std::string view) { facts_.id = "none", facts_.view = std::move(view); }
    PluginFacts facts() const override { return facts_; }
    std::unique_ptr<Policy> open(const json&) override { return std::make_unique<NoPolicy>(); }
    bool answers() const override { return false; }
    PluginStatus status() const override {
        PluginStatus status;
        status.state = PluginStatus::State::quarantined;
        status.last_failure = "The engine runs in safe mode: no plugin is started.";
        return status;
    }

private:
    PluginFacts facts_;
};

}  // namespace

std::shared_ptr<Plugin> without_plugin(const std::string& view) {
    return std::make_shared<NoPlugin>(view);
}

}  // namespace careplug::engine
