#include "yard.h"

#include <fstream>
#include <random>
#include <sstream>

namespace careplug::test {

namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::string contents(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

Yard::Yard() {
    fs::create_directories(package);
    fs::create_directories(trust / "keys");
    for (const fs::path& each : {folder.path(), plugins, package, trust, trust / "keys"})
        fs::permissions(each, fs::perms::owner_all);
    std::mt19937 random(7);
    std::string bytes(5000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    put(file, bytes);
    open_key.public_key = package::public_key_of(key);
    open_key.id = package::key_id_of(open_key.public_key);
    open_key.vendor = "Example Ltd";
    open_key.expires = "2027-03-31";
    open_key.plugins = {"example.ward", "example.care.*"};
    key_file = trust / "keys" / (open_key.id + ".json");
    trust_key();
    manifest.id = "example.ward";
    manifest.vendor = open_key.vendor;
    manifest.version = *package::parse_version("1.2.0");
    manifest.abi_from = manifest.abi_to = package::current_abi();
    manifest.platform = package::current_platform;
    manifest.file = "ward.so";
    manifest.sha256 = package::sha256_of_file(file.string());
    write_package();
    here = package::this_computer();
    here.now = 1'795'269'731;  // 2026-11-21T14:02:11Z
}

void Yard::trust_key() {
    put(key_file, package::write_trusted_key(open_key));
}

void Yard::write_package() {
    sign_text(package::write_manifest(manifest));
}

void Yard::sign_text(const std::string& text) {
    put(manifest_file, text);
    put(signature_file, package::sign(text, key));
}

package::TrustedKey Yard::another_key(package::PrivateKey& secret) const {
    secret = package::make_private_key();
    package::TrustedKey other = open_key;
    other.public_key = package::public_key_of(secret);
    other.id = package::key_id_of(other.public_key);
    return other;
}

package::Package Yard::open() const {
    return package::open_plugin(plugins.string(), "ward", package::read_trust(trust.string()), here);
}

std::string Yard::refusal() const {
    try {
        open();
        return {};
    } catch (const package::Refusal& refused) {
        return refused.what();
    }
}

}  // namespace careplug::test
