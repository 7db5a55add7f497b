#include <careplug/controls/controls.h>
#include <careplug/package/guarded_folder.h>
#include <careplug/package/package.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>

#include <careplug/package/hex.h>
#include "sealed_copy.h"

namespace careplug::package {

namespace {

constexpr std::size_t largest_signature = 1024;

void check_revoked(const Trust& trust, const std::string& hash, const std::string& origin) {
    if (const auto found = trust.revoked.packages.find(hash); found != trust.revoked.packages.end())
        throw Refusal("The package " + origin + " was revoked (" + found->second +
                      "): install a newer version of it.");
}

// Over the bytes as they are: nothing of the manifest is read before its signature holds.
TrustedKey check_signature(std::string_view manifest, std::string_view text, const Trust& trust,
                           const Here& here, const std::string& origin) {
    const Signature signature = parse_signature(text);
    if (const auto revoked = trust.revoked.keys.find(signature.key_id); revoked != trust.revoked.keys.end())
        throw Refusal("The package " + origin + " is signed with key " + signature.key_id +
                      ", which was revoked (" + revoked->second + "): install a package with a newer key.");
    const auto found = trust.keys.find(signature.key_id);
    if (found == trust.keys.end())
        throw Refusal("The package " + origin + " is signed with key " + signature.key_id +
                      ", which this computer does not trust: put its public key into " + trust.folder +
                      "/keys if you trust its vendor.");
    const TrustedKey& key = found->second;
    if (!signature_holds(signature, manifest, key.public_key) && control::on("H16.package-signature"))
        throw Refusal("The signature of the package " + origin +
                      " does not hold, so it was changed after it was signed: install it again.");
    if (key.expired(here.now) && control::on("H16.key-expires"))
        throw Refusal("The package " + origin + " is signed with key " + key.id + " of " + key.vendor +
                      ", which was good until " + key.expires + ": install a package with a newer key.");
    return key;
}

void check_signer(const Manifest& manifest, const TrustedKey& key, const std::string& origin) {
    if (!key.may_sign(manifest.id))
        throw Refusal("The package " + origin + " is " + manifest.id + ", which key " + key.id + " of " +
                      key.vendor + " may not sign: install the package of its own vendor.");
    if (manifest.vendor != key.vendor)
        throw Refusal("The package " + origin + " says that its vendor is " + manifest.vendor +
                      ", but its key is that of " + key.vendor + ": install the package of its own vendor.");
}

void check_fits(const Manifest& manifest, const Trust& trust, const Here& here, const std::string& origin) {
    const std::string name = manifest.id + " " + manifest.version.text;
    if (const auto minimum = trust.minimum.find(manifest.id);
        minimum != trust.minimum.end() && compare(manifest.version, minimum->second) < 0 &&
        control::on("H16.oldest-version"))
        throw Refusal("The package " + origin + " is " + name + ", older than " + minimum->second.text +
                      ", the oldest that the administrator allows: install a newer one.");
    if (manifest.platform != here.platform)
        throw Refusal("The package " + origin + " is for " + manifest.platform + ", not for " +
                      here.platform + ": install the package for this platform.");
    if (compare(here.abi, manifest.abi_from) < 0 || compare(manifest.abi_to, here.abi) < 0)
        throw Refusal("The package " + origin + " is for versions " + text_of(manifest.abi_from) + " to " +
                      text_of(manifest.abi_to) + " of the contract, and this engine has " +
                      text_of(here.abi) + ": install a package for this engine.");
}

void take_file(Package& package, const GuardedFolder& folder, const std::string& name) {
    const std::string path = folder.path() + "/" + name;
    SealedCopy copy = sealed_copy(folder.open(name, largest_plugin), path, largest_plugin);
    package.file = std::move(copy.memory);
    package.file_sha256 = std::move(copy.sha256);
    package.file_size = copy.size;
}

Package open_folder(const GuardedFolder& folder, const Trust& trust, const Here& here) {
    Package package;
    package.origin = folder.path();
    const std::string text = folder.read(manifest_name, largest_manifest);
    package.is_signed = folder.has(signature_name) || !trust.is_development(folder.path());
    if (package.is_signed) {
        if (!folder.has(signature_name) && !control::on("H16.package-signed")) package.is_signed = false;
        if (package.is_signed && !folder.has(signature_name))
            throw Refusal(
                "The package " + folder.path() +
                " is not signed: sign it with careplug sign, or name its folder in development.json "
                "of the trust folder.");
        if (package.is_signed)
            package.key = check_signature(text, folder.read(signature_name, largest_signature), trust, here,
                                          package.origin);
    }
    package.manifest_sha256 = hex_of(sha256(text));
    check_revoked(trust, package.manifest_sha256, package.origin);
    package.manifest = parse_manifest(text);
    if (package.is_signed) check_signer(package.manifest, package.key, package.origin);
    check_fits(package.manifest, trust, here, package.origin);
    take_file(package, folder, package.manifest.file);
    if (package.file_sha256 != package.manifest.sha256 && control::on("H16.package-hash"))
        throw Refusal("The file " + package.origin + "/" + package.manifest.file +
                      " is not the one that the manifest names: install the package again.");
    check_revoked(trust, package.file_sha256, package.origin);
    return package;
}

}  // namespace

Here this_computer() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {current_abi(), current_platform, std::chrono::duration_cast<std::chrono::seconds>(now).count()};
}

std::string Package::acceptance() const {
    if (!is_signed)
        return "NOT SIGNED: taken from the development folder of " + origin +
               ", never to be used for patients";
    return "signed by " + key.vendor + " with key " + key.id + ", good until " + key.expires;
}

std::string sha256_of_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat facts {};
    if (!file || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size == 0)
        throw Refusal("The file " + path +
                      " cannot be read, is a link or is empty: put the plugin itself there.");
    return sealed_copy(file, path, largest_plugin).sha256;
}

Package open_package(const std::string& folder, const Trust& trust, const Here& here) {
    return open_folder(GuardedFolder(folder, "package"), trust, here);
}

Package open_plugin(const std::string& plugins, const std::string& name, const Trust& trust,
                    const Here& here) {
    if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos)
        throw Refusal("\"" + name + "\" names no package: correct \"kinds\" in the settings.");
    const GuardedFolder folder(plugins, "folder of plugins");
    if (folder.has(name)) return open_folder(folder.folder(name, "package"), trust, here);
    const std::string file = name + ".so";
    const std::string path = folder.path() + "/" + file;
    if (!folder.has(file))
        throw Refusal("There is no package " + folder.path() + "/" + name +
                      ": install it, or correct \"plugins\" or \"kinds\" in the settings.");
    if (!trust.is_development(folder.path()))
        throw Refusal(
            "The plugin " + path +
            " is a bare file without a signature: make a package of it with careplug sign, or name its "
            "folder in development.json of the trust folder.");
    Package package;
    package.origin = path;
    package.bare = true;
    take_file(package, folder, file);
    check_revoked(trust, package.file_sha256, package.origin);
    return package;
}

}  // namespace careplug::package
