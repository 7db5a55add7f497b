#include "compatibility/matrix/cell.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace careplug::test {
namespace {

namespace fs = std::filesystem;

const fs::path matrix = fs::path(CAREPLUG_BUILD_DIR) / "tests" / "compatibility";
const fs::path kept = fs::path(CAREPLUG_SOURCE_DIR) / "tests" / "compatibility" / "binaries";

wire::Version parsed(const std::string& words) {
    wire::Version version;
    if (std::sscanf(words.c_str(), "%d.%d-rc.%d", &version.major, &version.minor, &version.candidate) < 2)
        throw std::runtime_error("no version: " + words);
    return version;
}

wire::Version version_of(const std::string& name) {
    const wire::Version now = wire::this_version();
    if (name == "current" || name == "grown") return now;
    if (name == "next") return {now.major, now.minor + 1, 1};
    if (name == "released") return {now.major, now.minor, 0};
    if (name == "successor") return {now.major, now.minor + 1, 0};
    throw std::runtime_error("no level: " + name);
}

}  // namespace

std::vector<std::string> kept_versions() {
    std::vector<std::string> versions;
    for (const auto& entry : fs::directory_iterator(kept)) versions.push_back(entry.path().filename());
    std::sort(versions.begin(), versions.end());
    return versions;
}

Level level(const std::string& name) {
    if (name.starts_with("kept ")) {
        const std::string words = name.substr(5);
        return {name, parsed(words), {}, kept / words / "host", kept / words / "policy.so"};
    }
    const fs::path loader = name == "current" ? fs::path(CAREPLUG_BUILD_DIR) / "bin" : matrix / name;
    return {name, version_of(name), loader, matrix / "hosts" / name, matrix / "plugins" / (name + ".so")};
}

std::string Said::text() const {
    std::string all;
    for (const auto& each : lines) all += each + "\n";
    return all;
}

std::string Said::line(const std::string& beginning) const {
    for (const auto& each : lines)
        if (each.starts_with(beginning)) return each;
    return {};
}

Said run_host(const fs::path& host, const fs::path& loader, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"LD_LIBRARY_PATH=" + loader.string(), host.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    Process process("/usr/bin/env", words);
    Said said;
    while (const auto line = process.read_line(60)) said.lines.push_back(*line);
    said.exit_code = process.wait(20);
    if (const std::string errors = process.standard_error(); !errors.empty()) said.lines.push_back(errors);
    return said;
}

void install(const fs::path& folder, const fs::path& loader, const fs::path& engine) {
    fs::create_directories(folder);
    fs::copy_file(loader, folder / "libcareplug.so", fs::copy_options::overwrite_existing);
    fs::copy_file(engine, folder / "careplug-engine", fs::copy_options::overwrite_existing);
    const fs::path jail = engine.parent_path() / "careplug-jail";
    if (fs::exists(jail)) fs::copy_file(jail, folder / "careplug-jail", fs::copy_options::overwrite_existing);
}

}  // namespace careplug::test
