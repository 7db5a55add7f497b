#include <careplug/package/package.h>

#include <filesystem>
#include <iostream>

#include "arguments.h"
#include "commands.h"

namespace careplug::tools {

namespace {

std::string minimum_of(const package::Trust& trust, const std::string& id) {
    const auto found = trust.minimum.find(id);
    return found == trust.minimum.end() ? "no oldest version is set" : "oldest allowed " + found->second.text;
}

}  // namespace

int verify_command(const std::vector<std::string>& words) {
    const Arguments arguments(words, {"--trust"}, {});
    const auto trust_folder = arguments.value("--trust");
    if (arguments.rest().size() != 1 || !trust_folder)
        throw UsageError(
            "Name the package's folder and the trust folder: careplug verify packages/night_nursing --trust "
            "/etc/careplug/trust");
    // Only a name from here is made one from the root: a link is still found, and refused.
    const auto absolute = [](const std::string& path) {
        return std::filesystem::absolute(path).lexically_normal().string();
    };
    try {
        const package::Trust trust = package::read_trust(absolute(*trust_folder));
        const package::Here here = package::this_computer();
        const package::Package found = package::open_package(absolute(arguments.rest().front()), trust, here);
        const package::Manifest& manifest = found.manifest;
        std::cout << manifest.id << " " << manifest.version.text << " of " << manifest.vendor << "\n"
                  << "  owners      root and this user alone can change it, up to the root\n"
                  << "  signature   " << found.acceptance() << "\n"
                  << "  version     " << minimum_of(trust, manifest.id) << "\n"
                  << "  fits        contract " << package::text_of(manifest.abi_from) << " to "
                  << package::text_of(manifest.abi_to) << " (this is " << package::text_of(here.abi) << "), "
                  << manifest.platform << "\n"
                  << "  file        " << manifest.file << ", " << found.file_size << " bytes, SHA-256 "
                  << found.file_sha256 << "\n"
                  << "  manifest    SHA-256 " << found.manifest_sha256 << "\n"
                  << "accepted\n";
        return 0;
    } catch (const package::Refusal& refusal) {
        std::cout << "refused: " << refusal.what() << "\n";
        return 1;
    }
}

}  // namespace careplug::tools
