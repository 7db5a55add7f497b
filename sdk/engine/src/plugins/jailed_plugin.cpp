// The policy of a session, asked in the jail of its plugin.
#include <careplug/plan/fhir.h>

#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plugins/jail.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;
using wire::PolicyCall;

// In the first version of the contract.
constexpr std::size_t first_flag_size = offsetof(careplug_policy_flag, id) + sizeof careplug_policy_flag::id;

class JailedPolicy : public Policy {
public:
    JailedPolicy(std::shared_ptr<Jail> jail, const json& session)
        : jail_(std::move(jail)), session_(session.dump()) {
        try {
            Jail::Turn turn(*jail_, boot_ms() + jail_->times().document);
            open(turn);
        } catch (const PluginRefusal&) {
            throw;
        } catch (const PluginFailure& failure) {
            // A jail that does not answer now is asked again with the first call; until then the session has
            // the engine's own order of flags.
            jail_->say(failure.what());
        }
    }
    JailedPolicy(const JailedPolicy&) = delete;
    JailedPolicy& operator=(const JailedPolicy&) = delete;
    ~JailedPolicy() override {
        try {
            Jail::Turn turn(*jail_, boot_ms() + jail_->times().flags);
            if (turn.incarnation() == incarnation_) turn.tell(PolicyCall::close, {handle_, 0, {}});
        } catch (const PluginFailure&) {
            // With the process went the policy.
        }
    }

    void flags(std::vector<careplug_policy_flag>& flags, std::int64_t now) override {
        const std::size_t bytes = flags.size() * sizeof(careplug_policy_flag);
        Jail::Turn turn(*jail_, boot_ms() + jail_->times().flags);
        open(turn);
        const auto answer =
            turn.ask(PolicyCall::flags, "the order of flags",
                     {handle_, now, {reinterpret_cast<const std::uint8_t*>(flags.data()), bytes}});
        if (answer.status >= 100) throw refused("to order flags");
        if (answer.document.size() != bytes) turn.give_up("answered with other flags than it was asked for");
        std::vector<careplug_policy_flag> ordered(flags.size());
        if (bytes > 0) std::memcpy(ordered.data(), answer.document.data(), bytes);
        for (std::size_t at = 0; at < flags.size(); ++at) {
            // A plugin of an earlier version fills its own shorter record, and says so.
            careplug_policy_flag& was = flags[at];
            careplug_policy_flag same = ordered[at];
            const std::size_t filled = same.size;
            same.size = was.size;
            same.order = was.order;
            same.covered = was.covered;
            if (filled < first_flag_size || filled > sizeof same || std::memcmp(&same, &was, filled) != 0)
                turn.give_up("answered with other flags than it was asked for");
        }
        for (std::size_t at = 0; at < flags.size(); ++at) {
            flags[at].order = ordered[at].order;
            flags[at].covered = ordered[at].covered;
        }
    }
    json actions(const json& patient, std::int64_t now) override {
        return ask(PolicyCall::actions, "actions", patient, now);
    }
    json panel(const json& request, std::int64_t now) override {
        return ask(PolicyCall::panel, "a panel", request, now);
    }
    json check(const json& response, std::int64_t now) override {
        return ask(PolicyCall::check, "its checks", response, now);
    }
    json summary(const json& plan, std::int64_t now) override {
        return ask(PolicyCall::summary, "a summary", plan, now);
    }
    json write_back(const json& plan, std::int64_t now) override {
        return ask(PolicyCall::write_back, "entries to write back", plan, now);
    }

private:
    // Its words are not repeated: they may tell of the patient, and this sentence goes to a log.
    PluginRefusal refused(const std::string& what) const {
        return PluginRefusal("The plugin " + jail_->name() + " refused " + what + ".");
    }

    // In this process of the jail, where it was not.
    void open(Jail::Turn& turn) {
        if (turn.incarnation() == incarnation_) return;
        const auto answer = turn.ask(PolicyCall::open, "a policy", {0, 0, wire::view_of(session_)});
        wire::Reader in(answer.document);
        const std::uint64_t handle = in.u64();
        if (answer.status >= 100) throw refused("to serve this session");
        if (!in.finished() || handle == 0) turn.give_up("opened no policy");
        handle_ = handle;
        incarnation_ = turn.incarnation();
    }

    json ask(PolicyCall call, const char* what, const json& document, std::int64_t now) {
        const std::string text = document.dump();
        Jail::Turn turn(*jail_, boot_ms() + jail_->times().document);
        open(turn);
        const auto answer = turn.ask(call, what, {handle_, now, wire::view_of(text)});
        if (answer.status >= 100) throw refused(what);
        try {
            json said = plan::fhir::parse(wire::text_of(answer.document));
            if (said.is_object()) return said;
        } catch (const std::invalid_argument&) {
            // said below, without its words
        }
        turn.give_up("answered " + std::string(what) + " with text that is no JSON object");
    }

    const std::shared_ptr<Jail> jail_;
    const std::string session_;
    std::uint64_t handle_ = 0;
    std::uint64_t incarnation_ = 0;
};

class JailedPlugin : public Plugin {
public:
    explicit JailedPlugin(std::shared_ptr<Jail> jail) : jail_(std::move(jail)) {}
    PluginFacts facts() const override { return jail_->facts(); }
    std::unique_ptr<Policy> open(const json& session) override {
        return std::make_unique<JailedPolicy>(jail_, session);
    }
    bool answers() const override { return jail_->ready(); }
    PluginStatus status() const override { return jail_->status(); }

private:
    const std::shared_ptr<Jail> jail_;
};

}  // namespace

std::shared_ptr<Plugin> start_plugin(PluginFile file, JailOptions options) {
    auto jail = std::make_shared<Jail>(std::move(file), std::move(options));
    jail->await_start();
    return std::make_shared<JailedPlugin>(std::move(jail));
}

}  // namespace careplug::engine
