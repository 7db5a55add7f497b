#include "plugins/installed_plugins.h"

#include <careplug/package/package.h>

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

InstalledPlugins::InstalledPlugins(const Settings& settings, Log& log)
    : settings_(settings), log_(log), jail_program_(engine::jail_program()) {}

std::shared_ptr<Plugin> InstalledPlugins::get(const std::string& name) {
    package::Package package = open_package(settings_, name);
    const std::string acceptance = package.acceptance();
    const std::string which = package.file_sha256 + package.manifest_sha256 + acceptance;
    const auto found = started_.find(name);
    if (found != started_.end() && found->second.package == which) return found->second.plugin;

    const std::string file = package.bare ? name + ".so" : package.manifest.file;
    const auto plugin =
        start_plugin({Descriptor(package.file.release()), file, acceptance},
                     {jail_program_.duplicate(), [&log = log_](const auto& what) { log.say(what); }});
    check_name(package, plugin->facts());
    log_.say((package.is_signed ? "plugin " : "WARNING: plugin ") + plugin->facts().id + " " +
             plugin->facts().version + ": " + acceptance);
    if (package.is_signed)
        if (const auto left = package.key.days_left(package::this_computer().now); left < warn_days)
            log_.say("WARNING: the key of plugin " + plugin->facts().id + " is good for " +
                     std::to_string(left) + " more days: ask its vendor for a package with a newer key");
    started_[name] = {which, plugin};
    return plugin;
}

}  // namespace careplug::engine
