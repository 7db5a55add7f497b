// What the author of a plugin writes: a Policy and a Plugin that names it, then one line,
// CAREPLUG_PLUGIN(my_plugin);
#pragma once

#include <careplug/plan/validate.h>
#include <careplug/plugin.h>
#include <careplug/plugin/documents.h>
#include <memory>
#include <span>
#include <stdexcept>

namespace careplug::plugin {

// Thrown by a policy to refuse a request. The sentence goes to the engine's log: no patient's identity.
class Refusal : public std::runtime_error {
public:
    Refusal(careplug_status status, const std::string& sentence)
        : std::runtime_error(sentence), status_(status) {}
    explicit Refusal(const std::string& sentence) : Refusal(CAREPLUG_REFUSED, sentence) {}
    careplug_status status() const { return status_; }

private:
    careplug_status status_;
};

// One session's policy. Every function is const: the same input gives the same output. Exceptions are
// caught at the boundary; a Refusal keeps its status and sentence.
class Policy {
public:
    Policy() = default;
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;
    virtual ~Policy() = default;

    // All flags of one patient, in the engine's order.
    virtual void flags(std::span<PatientFlag> flags, const Now& now) const = 0;
    virtual std::vector<Action> actions(const PolicyPatient& patient, const Now& now) const = 0;
    virtual Panel panel(const PanelRequest& request, const Now& now) const = 0;
    // What this kind of host adds to the data set's own rules.
    virtual std::vector<plan::Issue> check(const plan::DataSet& data_set, const plan::Answers& answers,
                                           const Now& now) const = 0;
    virtual Summary summary(const PlanDocument& plan, const Now& now) const = 0;
    virtual std::vector<Entry> write_back(const PlanDocument& plan, const Now& now) const = 0;
};

struct Plugin {
    std::string id;  // careplug.gp
    std::string version;
    std::string title;
    std::string view;
    std::unique_ptr<Policy> (*open)(Session session) = nullptr;
};

// The plugin of this library, defined by CAREPLUG_PLUGIN.
const Plugin& this_plugin();

// The handshake behind careplug_entry. Never throws.
careplug_status entry(const careplug_plugin_offer* offer, careplug_plugin_answer* answer) noexcept;

}  // namespace careplug::plugin

// PLUGIN is a function without parameters that returns a careplug::plugin::Plugin.
#define CAREPLUG_PLUGIN(PLUGIN)                                               \
    const careplug::plugin::Plugin& careplug::plugin::this_plugin() {         \
        static const careplug::plugin::Plugin plugin = PLUGIN();              \
        return plugin;                                                        \
    }                                                                         \
    extern "C" CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(  \
        const careplug_plugin_offer* offer, careplug_plugin_answer* answer) { \
        return careplug::plugin::entry(offer, answer);                        \
    }                                                                         \
    static_assert(true, "a semicolon follows CAREPLUG_PLUGIN(...)")
