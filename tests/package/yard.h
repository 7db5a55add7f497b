// A package that is in order, and a trust folder that takes it: for tests that then spoil one thing.
#pragma once

#include <careplug/package/keys.h>
#include <careplug/package/package.h>

#include <filesystem>
#include <string>

#include "support/process.h"

namespace careplug::test {

struct Yard {
    Yard();

    TemporaryFolder folder;
    std::filesystem::path plugins = folder / "plugins";
    std::filesystem::path package = plugins / "ward";
    std::filesystem::path file = package / "ward.so";
    std::filesystem::path manifest_file = package / package::manifest_name;
    std::filesystem::path signature_file = package / package::signature_name;
    std::filesystem::path trust = folder / "trust";
    std::filesystem::path key_file;  // of the vendor, in the trust folder

    package::PrivateKey key = package::make_private_key();
    package::TrustedKey open_key;
    package::Manifest manifest;
    package::Here here;

    void write_package();                     // the manifest as it is here, and its signature
    void sign_text(const std::string& text);  // any text as the manifest, with its signature
    void trust_key();                         // open_key as it is here
    // Makes a key that the trust folder does not know yet, and gives its public half.
    package::TrustedKey another_key(package::PrivateKey& secret) const;

    // The sentence of the refusal; nothing where the package is taken.
    std::string refusal() const;
    package::Package open() const;
};

void put(const std::filesystem::path& file, const std::string& text);
std::string contents(const std::filesystem::path& file);

}  // namespace careplug::test
