#include <careplug/package/keys.h>
#include <careplug/package/package.h>

#include <filesystem>
#include <iostream>

#include "arguments.h"
#include "commands.h"
#include "new_file.h"
#include "plugin_facts.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

// The one library that lies in the folder.
std::string only_library(const fs::path& folder) {
    std::string found;
    std::error_code wrong;
    for (const auto& entry : fs::directory_iterator(folder, wrong)) {
        if (entry.path().extension() != ".so") continue;
        if (!found.empty())
            throw UsageError(folder.string() + " holds more than one .so file: name the plugin with --file.");
        found = entry.path().filename().string();
    }
    if (wrong) throw UsageError(folder.string() + " cannot be read: " + wrong.message() + ".");
    if (found.empty())
        throw UsageError(folder.string() + " holds no .so file: put the plugin there, then sign the folder.");
    return found;
}

package::AbiVersion abi_option(const Arguments& arguments, const std::string& option) {
    const auto text = arguments.value(option);
    if (!text) return package::current_abi();
    const auto version = package::parse_abi_version(*text);
    if (!version) throw UsageError(option + " needs a version such as 1.0 or 1.0-rc.1.");
    return *version;
}

}  // namespace

int sign_command(const std::vector<std::string>& words) {
    const Arguments arguments(
        words, {"--key", "--vendor", "--id", "--version", "--file", "--abi-from", "--abi-to"}, {});
    const auto key_file = arguments.value("--key");
    const auto vendor = arguments.value("--vendor");
    if (arguments.rest().size() != 1 || !key_file || !vendor)
        throw UsageError(
            "Name the package's folder, the private key and the vendor: careplug sign packages/night_nursing "
            "--key "
            "keys/signing.key --vendor \"Example Ltd\"");
    const fs::path folder = fs::canonical(arguments.rest().front());
    const package::PrivateKey key = package::read_private_key(*key_file);

    package::Manifest manifest;
    manifest.file = arguments.value("--file").value_or(only_library(folder));
    const auto facts = facts_of(folder / manifest.file);
    const auto id = arguments.value("--id");
    const auto version = arguments.value("--version");
    if (!facts && (!id || !version))
        throw UsageError(
            "The plugin " + manifest.file +
            " does not say its id and version here: see careplug check, or give --id and --version.");
    if (facts && ((id && *id != facts->id) || (version && *version != facts->version)))
        throw UsageError("The plugin " + manifest.file + " says of itself that it is " + facts->id + " " +
                         facts->version + ": leave out --id and --version.");
    manifest.id = facts ? facts->id : *id;
    const std::string version_text = facts ? facts->version : *version;
    const auto parsed = package::parse_version(version_text);
    if (!parsed) throw UsageError("The version \"" + version_text + "\" is none such as 1.2.0: correct it.");
    manifest.version = *parsed;
    manifest.vendor = *vendor;
    manifest.abi_from = abi_option(arguments, "--abi-from");
    manifest.abi_to = abi_option(arguments, "--abi-to");
    manifest.platform = package::current_platform;
    manifest.sha256 = package::sha256_of_file((folder / manifest.file).string());
    const std::string text = package::write_manifest(manifest);
    package::parse_manifest(text);  // what would be refused later is not signed

    write_whole_file(folder / package::manifest_name, text, 0644);
    write_whole_file(folder / package::signature_name, package::sign(text, key), 0644);
    std::cout << "Signed " << manifest.id << " " << manifest.version.text << " of " << manifest.vendor
              << " with key " << package::key_id_of(package::public_key_of(key)) << ".\n";
    return 0;
}

}  // namespace careplug::tools
