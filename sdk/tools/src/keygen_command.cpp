#include <careplug/package/keys.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "arguments.h"
#include "commands.h"
#include "new_file.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

// The last day of a key that is made now and is to hold for two years.
std::string in_two_years() {
    const std::chrono::year_month_day today =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    auto last = today + std::chrono::years(2);
    if (!last.ok()) last = last.year() / last.month() / std::chrono::last;
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(last.year()) % 10000,
                  static_cast<unsigned>(last.month()) % 100, static_cast<unsigned>(last.day()) % 100);
    return text;
}

std::vector<std::string> ids_of(const std::string& list) {
    std::vector<std::string> ids;
    std::istringstream in(list);
    for (std::string id; std::getline(in, id, ',');) ids.push_back(id);
    return ids;
}

}  // namespace

int keygen_command(const std::vector<std::string>& words) {
    const Arguments arguments(words, {"--vendor", "--plugins", "--expires"}, {});
    const auto vendor = arguments.value("--vendor");
    const auto plugins = arguments.value("--plugins");
    if (arguments.rest().size() != 1 || !vendor || !plugins)
        throw UsageError(
            "Name a folder, the vendor and the plugins that the key may sign: careplug keygen keys --vendor "
            "\"Example Ltd\" --plugins example.night-nursing");
    const fs::path folder = arguments.rest().front();
    const fs::path secret = folder / "signing.key";
    std::error_code wrong;
    if (fs::create_directories(folder, wrong)) ::chmod(folder.c_str(), 0700);
    if (wrong) throw UsageError(folder.string() + " cannot be made: " + wrong.message() + ".");
    if (fs::exists(fs::symlink_status(secret)))
        throw UsageError(secret.string() +
                         " is there already: name another folder, so that no key is written over.");

    const package::PrivateKey key = package::make_private_key();
    package::TrustedKey open;
    open.public_key = package::public_key_of(key);
    open.id = package::key_id_of(open.public_key);
    open.vendor = *vendor;
    open.plugins = ids_of(*plugins);
    open.expires = arguments.value("--expires").value_or(in_two_years());
    // As a trust folder will read it: what it would refuse is not written.
    const std::string text = package::write_trusted_key(open);
    package::parse_trusted_key(text);
    const fs::path trusted = folder / (open.id + ".json");
    write_whole_file(secret, package::write_private_key(key), 0600);
    write_whole_file(trusted, text, 0644);
    std::cout << "Made key " << open.id << " of " << open.vendor << ", good until " << open.expires << ".\n"
              << "Private: " << secret.string() << "  keep it where only you can read it\n"
              << "Public:  " << trusted.string() << "  for keys/ of a trust folder\n";
    return 0;
}

}  // namespace careplug::tools
