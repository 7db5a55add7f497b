#include "packages.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "child.h"

namespace careplug::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* vendor = "Careplug simulator";

void make_anew(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
}

}  // namespace

Packages::Packages(const Folder& folder, fs::path programs, fs::path built, fs::path next)
    : folder_(folder), programs_(std::move(programs)), built_(std::move(built)), next_(std::move(next)) {
    try {
        const fs::path keys = folder.plugin_trust() / "keys";
        for (const fs::path& each : {folder.plugins(), folder.plugin_key(), folder.plugin_trust(), keys})
            make_anew(each);
        run_tool({"keygen", folder.plugin_key().string(), "--vendor", vendor, "--plugins",
                  "careplug.*,example.*"});
        for (const auto& entry : fs::directory_iterator(folder.plugin_key()))
            if (entry.path().extension() == ".json")
                fs::copy_file(entry.path(), keys / entry.path().filename());
        for (const std::string kind : host_kinds)
            make(folder.plugins() / kind, built_ / (kind + ".so"), kind);
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string("The plugins could not be installed: ") + error.what());
    }
}

void Packages::run_tool(const std::vector<std::string>& words) const {
    const Child child(programs_ / "careplug", words, folder_.log("packages"));
    if (child.first_line().starts_with("refused: ")) throw std::runtime_error(child.first_line().substr(9));
}

void Packages::make(const fs::path& package, const fs::path& plugin, const std::string& kind) const {
    const fs::path file = package / (kind + ".so");
    make_anew(package);
    fs::copy_file(plugin, file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    run_tool({"sign", package.string(), "--key", (folder_.plugin_key() / "signing.key").string(), "--vendor",
              vendor});
    // What an engine would refuse is told here, before a host shows it.
    run_tool({"verify", package.string(), "--trust", folder_.plugin_trust().string()});
}

std::string Packages::version(const std::string& kind) const {
    std::ifstream file(folder_.plugins() / kind / "manifest.json");
    const nlohmann::json manifest = nlohmann::json::parse(file, nullptr, false);
    return manifest.is_object() ? manifest.value("version", "") : "";
}

void Packages::exchange(const std::string& kind) const {
    const fs::path place = folder_.plugins() / kind;
    const fs::path other = folder_.plugins() / (kind + ".other");
    const fs::path before = folder_.plugins() / (kind + ".before");
    if (!fs::exists(other)) make(other, next_ / (kind + "_next.so"), kind);
    fs::rename(place, before);
    fs::rename(other, place);
    fs::rename(before, other);
}

}  // namespace careplug::sim
