// The plugins that lie on this computer, as packages that the administrator's trust folder allows. Each is
// judged anew for every session: what was installed, revoked or set as the oldest version meanwhile counts
// for the sessions that follow, and those that run go on with what they were opened with.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "plugins/policy.h"
#include "settings/settings.h"
#include "system/log.h"

namespace careplug::engine {

class InstalledPlugins {
public:
    InstalledPlugins(const Settings& settings, Log& log);

    const Descriptor& jail_program() const { return jail_program_; }
    // For one session after another. Throws PluginFailure.
    std::shared_ptr<Plugin> get(const std::string& name);

private:
    struct Started {
        std::string package;  // which bytes, and who answers for them
        std::shared_ptr<Plugin> plugin;
    };

    const Settings& settings_;
    Log& log_;
    const Descriptor jail_program_;
    std::map<std::string, Started> started_;
};

}  // namespace careplug::engine
