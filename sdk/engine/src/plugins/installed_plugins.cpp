#include "plugins/installed_plugins.h"

#include <careplug/package/package.h>

#include "system/file_stamp.h"

namespace careplug::engine {
namespace {

constexpr std::int64_t warn_days = 60;

package::Package open_package(const Settings& settings, const std::string& name) {
    if (settings.trust.empty())
        throw PluginFailure(
            "The settings name no trust folder, so no plugin can be trusted: add \"trust\" to the settings "
            "file, "
            "for example \"/etc/careplug/trust\".");
    try {
        return package::open_plugin(settings.plugins, name, package::read_trust(settings.trust),
                                    package::this_computer());
    } catch (const package::Refusal& refusal) {
        throw PluginFailure(refusal.what());
    }
}

// What a signature vouches for must be what the plugin calls itself.
void check_name(const package::Package& package, const PluginFacts& facts) {
    const auto& manifest = package.manifest;
    if (!package.bare && (facts.id != manifest.id || facts.version != manifest.version.text))
        throw PluginFailure("The package " + package.origin + " is " + manifest.id + " " +
                            manifest.version.text + ", but the plugin in it calls itself " + facts.id + " " +
                            facts.version + ": ask its vendor for a right one.");
}

}  // namespace

std::string InstalledPlugins::stamp(const std::string& name) const {
    const std::string package = settings_.plugins + "/" + name;
    return stamp_of(package) + stamp_of(package + ".so") + stamp_of(settings_.trust) +
           stamp_of(settings_.trust + "/keys");
}

std::shared_ptr<Plugin> InstalledPlugins::get(const std::string& name) {
    return judge(name);
}

std::shared_ptr<Plugin> InstalledPlugins::judge(const std::string& name) {
    Started made;
    made.stamp = made.seen = stamp(name);
    package::Package package = open_package(settings_, name);
    made.package = package.file_sha256 + package.manifest_sha256 + package.acceptance();
    {
        const std::lock_guard lock(mutex_);
        const auto found = started_.find(name);
        if (found != started_.end() && found->second.package == made.package) {
            found->second.stamp = made.stamp;
            return found->second.plugin;
        }
    }
    return take(name, std::move(package), std::move(made));
}

std::shared_ptr<Plugin> InstalledPlugins::take(const std::string& name, package::Package&& package,
                                               Started made) {
    const std::string acceptance = package.acceptance();
    const std::string file = package.bare ? name + ".so" : package.manifest.file;
    auto plugin =
        start_plugin({package::Descriptor(package.file.release()), file, acceptance},
                     {jail_program_.duplicate(), [&log = log_](const auto& what) { log.say(what); }});
    const PluginFacts facts = plugin->facts();
    check_name(package, facts);
    log_.say((package.is_signed ? "plugin " : "WARNING: plugin ") + facts.id + " " + facts.version + ": " +
             acceptance);
    if (package.is_signed)
        if (const auto left = package.key.days_left(package::this_computer().now); left < warn_days)
            log_.say("WARNING: the key of plugin " + facts.id + " is good for " + std::to_string(left) +
                     " more days: ask its vendor for a package with a newer key");
    const std::lock_guard lock(mutex_);
    Started& running = started_[name];
    // A session that was opened meanwhile may have been quicker.
    if (running.package == made.package) return running.plugin;
    if (running.plugin && running.plugin->fits(facts)) {
        log_.say("plugin " + facts.id + " " + facts.version + " takes the place of " +
                 running.plugin->facts().version + ", also in sessions that run");
        running.plugin->replace(std::move(plugin));
        made.plugin = running.plugin;
    } else {
        if (running.plugin)
            log_.say("plugin " + facts.id + " " + facts.version +
                     " serves sessions that are opened from now on: " + "those that run go on with " +
                     running.plugin->facts().id);
        made.plugin = std::make_shared<ReplaceablePlugin>(std::move(plugin));
    }
    running = std::move(made);
    return running.plugin;
}

std::vector<std::string> InstalledPlugins::changed() {
    std::vector<std::string> names;
    const std::lock_guard lock(mutex_);
    for (auto& [name, one] : started_) {
        std::string now = stamp(name);
        if (now == one.stamp) continue;
        const bool still = now == one.seen;
        one.seen = std::move(now);
        if (!still) continue;
        one.stamp = one.seen;
        names.push_back(name);
    }
    return names;
}

void InstalledPlugins::look() {
    for (const std::string& name : changed()) {
        try {
            judge(name);
        } catch (const PluginFailure& failure) {
            log_.say(
                "sessions that run go on with the plugin they have, since what lies in its place is "
                "refused: " +
                std::string(failure.what()));
        }
    }
}

}  // namespace careplug::engine
