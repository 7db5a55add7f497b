#include "packages.h"

#include <stdexcept>
#include <vector>

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

void install_packages(const Folder& folder, const fs::path& programs, const fs::path& built) {
    const auto careplug = [&](const std::vector<std::string>& words) {
        const Child child(programs / "careplug", words, folder.log("packages"));
        if (child.first_line().starts_with("refused: "))
            throw std::runtime_error(child.first_line().substr(9));
    };
    try {
        const fs::path keys = folder.plugin_trust() / "keys";
        for (const fs::path& each : {folder.plugins(), folder.plugin_key(), folder.plugin_trust(), keys})
            make_anew(each);
        careplug({"keygen", folder.plugin_key().string(), "--vendor", vendor, "--plugins",
                  "careplug.*,example.*"});
        for (const auto& entry : fs::directory_iterator(folder.plugin_key()))
            if (entry.path().extension() == ".json")
                fs::copy_file(entry.path(), keys / entry.path().filename());
        for (const std::string kind : host_kinds) {
            const fs::path package = folder.plugins() / kind;
            const fs::path file = package / (kind + ".so");
            make_anew(package);
            fs::copy_file(built / (kind + ".so"), file);
            fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
            careplug({"sign", package.string(), "--key", (folder.plugin_key() / "signing.key").string(),
                      "--vendor", vendor});
            // What an engine would refuse is told here, before a host shows it.
            careplug({"verify", package.string(), "--trust", folder.plugin_trust().string()});
        }
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string("The plugins could not be installed: ") + error.what());
    }
}

}  // namespace careplug::sim
