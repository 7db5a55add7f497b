// The plugins that lie on this computer, as packages that the administrator's trust folder allows. Each is
// judged anew for every session, and again when its package or the trust folder changed: a newer one then
// replaces the one that runs, between two calls. What is refused replaces nothing: sessions that run go on
// with what they have.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/replaceable_plugin.h"
#include "settings/settings.h"
#include "system/log.h"

namespace careplug::package {
struct Package;
}

namespace careplug::engine {

class InstalledPlugins {
public:
    InstalledPlugins(const Settings& settings, Log& log, const package::Descriptor& jail_program)
        : settings_(settings), log_(log), jail_program_(jail_program) {}

    // For a session that is opened. Throws PluginFailure.
    std::shared_ptr<Plugin> get(const std::string& name);
    // Takes over what was installed since. Called again and again.
    void look();

private:
    struct Started {
        std::string package;  // which bytes, and who answers for them
        std::string stamp;    // of package and trust when they were judged
        std::string seen;     // and at the last look: what is still being copied is not judged
        std::shared_ptr<ReplaceablePlugin> plugin;
    };

    std::string stamp(const std::string& name) const;
    std::shared_ptr<Plugin> judge(const std::string& name);
    std::shared_ptr<Plugin> take(const std::string& name, package::Package&& package, Started made);
    std::vector<std::string> changed();

    const Settings& settings_;
    Log& log_;
    const package::Descriptor& jail_program_;
    std::mutex mutex_;
    std::map<std::string, Started> started_;
};

}  // namespace careplug::engine
