#include "sample_host.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "services/host.h"

namespace careplug::test {

namespace {

namespace fs = std::filesystem;

struct Language {
    std::string file;
    std::vector<std::string> programs;
    std::vector<fs::path> libraries;
};

const Language& language_of(const std::string& name) {
    static const std::map<std::string, Language> languages{
        {"c", {"host.c", {"cc"}, {}}},
        {"python", {"host.py", {"python3"}, {}}},
        {"java", {"Host.java", {"javac", "java"}, {"/usr/share/java/jna.jar"}}},
        {"csharp", {"Host.cs", {"mcs", "mono"}, {}}},
        {"pascal", {"host.pas", {"fpc"}, {}}}};
    return languages.at(name);
}

bool on_path(const std::string& program) {
    const char* folders = std::getenv("PATH");
    std::istringstream list(folders ? folders : "");
    for (std::string folder; std::getline(list, folder, ':');)
        if (fs::exists(fs::path(folder) / program)) return true;
    return false;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

std::string Ran::text() const {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all + errors;
}

std::string Ran::line(const std::string& beginning) const {
    for (const auto& line : lines)
        if (line.rfind(beginning, 0) == 0) return line;
    return {};
}

std::string missing_tool(const std::string& language) {
    for (const auto& program : language_of(language).programs)
        if (!on_path(program)) return program;
    for (const auto& library : language_of(language).libraries)
        if (!fs::exists(library)) return library.string();
    return {};
}

SampleHost::SampleHost(const std::string& language, Exchange& exchange, fs::path folder)
    : folder_(std::move(folder)), signer_("gp-" + language) {
    const fs::path build = CAREPLUG_BUILD_DIR;
    const fs::path checkout = CAREPLUG_SOURCE_DIR;
    fs::create_directories(folder_ / "careplug");
    fs::create_directory_symlink(checkout / "abi" / "include", folder_ / "careplug" / "include");
    fs::create_directory_symlink(build / "bin", folder_ / "careplug" / "lib");
    const std::string& file = language_of(language).file;
    source_ = folder_ / file;
    // The page and, where the language needs one, its binding.
    for (const auto& each : fs::directory_iterator(checkout / "samples" / "hosts" / language))
        if (each.is_regular_file()) fs::copy_file(each.path(), folder_ / each.path().filename());

    fs::create_directory(folder_ / "store");
    fs::permissions(folder_ / "store", fs::perms::owner_all);
    write(folder_ / "store.key", std::string(32, 'k'));
    fs::permissions(folder_ / "store.key", fs::perms::owner_read | fs::perms::owner_write);
    write(folder_ / "settings.json",
          nlohmann::json{{"exchange", exchange.url()},
                         {"store", (folder_ / "store").string()},
                         {"key", (folder_ / "store.key").string()},
                         {"datasets", (checkout / "sdk" / "plan" / "datasets").string()},
                         {"plugins", built_plugins()},
                         {"trust", development_trust(folder_, built_plugins())},
                         {"kinds", {{"gp", "gp"}}},
                         {"log", (folder_ / "engine.log").string()}}
              .dump());
    signer_.trust_in(exchange.trust());
    answers(core_answers());
}

void SampleHost::answers(const nlohmann::json& items) {
    write(folder_ / "answers.json", nlohmann::json{{"item", items}}.dump());
}

std::string SampleHost::command(const std::string& what) const {
    std::ifstream file(source_);
    for (std::string line; std::getline(file, line);)
        if (const auto at = line.find(what + ": "); at != std::string::npos && at < 8)
            return line.substr(at + what.size() + 2);
    return {};
}

Ran SampleHost::shell(const std::string& command) {
    const std::string careplug = (folder_ / "careplug").string();
    Process process("/bin/sh", {"-c", "cd '" + folder_.string() + "' && export CAREPLUG='" + careplug +
                                          "' LD_LIBRARY_PATH='" + careplug + "/lib' && " + command});
    Ran ran;
    while (const auto line = process.read_line(120)) ran.lines.push_back(*line);
    ran.exit_code = process.wait(60);
    ran.errors = process.standard_error();
    return ran;
}

Ran SampleHost::build() {
    const std::string line = command("build");
    if (!line.empty()) return shell(line);
    Ran nothing;
    nothing.exit_code = 0;
    return nothing;
}

Ran SampleHost::check(const std::string& options, const std::string& nhs_number,
                      const std::string& birth_date) {
    write_inputs(nhs_number, birth_date);
    const std::string careplug = (fs::path(CAREPLUG_BUILD_DIR) / "bin" / "careplug").string();
    return shell("'" + careplug + "' check-host " + options + " -- " + command("run") +
                 " '{settings}' token record.json answers.json " + nhs_number + " " + birth_date +
                 " 'Test, Patient'");
}

void SampleHost::write_inputs(const std::string& nhs_number, const std::string& birth_date) {
    write(folder_ / "token", signer_.sign(signer_.claims("gp", true, "vendor")) + "\n");
    write(folder_ / "record.json", record_bundle(nhs_number, birth_date, "Test", "Patient").dump());
}

Ran SampleHost::run(const std::string& nhs_number, const std::string& birth_date, const std::string& name) {
    write_inputs(nhs_number, birth_date);
    const std::string line = command("run");
    if (line.empty()) throw std::runtime_error("the sample does not say how it is run: " + source_.string());
    return shell(line + " settings.json token record.json answers.json " + nhs_number + " " + birth_date +
                 " '" + name + "'");
}

}  // namespace careplug::test
