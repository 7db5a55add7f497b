// A host with its own Poco, OpenSSL and SQLite of other versions: nothing of ours resolves to them, and
// nothing of theirs to ours.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/scene.h"

using namespace careplug::test;

namespace {

struct Run {
    std::string said;
    int status = -1;
};

struct Variant {
    std::string name;
    std::string program;
    std::string flags;
    std::vector<std::string> environment;
};

Run run(const std::string& program, const std::vector<std::string>& arguments,
        const std::vector<std::string>& environment) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], 1);
        ::dup2(ends[1], 2);
        ::close(ends[0]);
        std::vector<char*> words{const_cast<char*>(program.c_str())};
        for (const auto& one : arguments) words.push_back(const_cast<char*>(one.c_str()));
        words.push_back(nullptr);
        std::vector<char*> variables;
        for (const auto& one : environment) variables.push_back(const_cast<char*>(one.c_str()));
        variables.push_back(nullptr);
        ::execve(program.c_str(), words.data(), variables.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    Run out;
    char part[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;)
        out.said.append(part, static_cast<std::size_t>(got));
    ::close(ends[0]);
    ::waitpid(child, &out.status, 0);
    return out;
}

const std::string folder = VENDOR_FOLDER;
const std::string traps = folder + "/libraries";

std::vector<Variant> variants() {
    const std::string own = "LD_LIBRARY_PATH=" + traps;
    const std::string every = "LD_PRELOAD=" + traps + "/libcrypto.so.3:" + traps +
                              "/libsqlite3.so.0:" + traps + "/libPocoFoundation.so.80";
    std::vector<Variant> all = {
        {"loaded lazily", folder + "/vendor_host", "local", {own}},
        {"loaded for all to see", folder + "/vendor_host", "global", {own}},
        {"everything bound at once", folder + "/vendor_host", "global", {own, "LD_BIND_NOW=1"}},
        {"linked", folder + "/vendor_host_linked", "linked", {own}},
        {"linked and bound at once", folder + "/vendor_host_linked", "linked", {own, "LD_BIND_NOW=1"}},
        {"libraries before all others", folder + "/vendor_host", "global", {own, every}},
        {"an environment that bends libraries",
         folder + "/vendor_host",
         "local",
         {own, "OPENSSL_CONF=/nonexistent", "SSL_CERT_FILE=/nonexistent", "OPENSSL_MODULES=/nonexistent",
          "SQLITE_TMPDIR=/nonexistent", "LC_ALL=tr_TR.UTF-8", "TMPDIR=/nonexistent", "HOME=/nonexistent"}},
    };
    for (const char* flags : {"local", "global"})
        if (std::filesystem::exists(folder + "/vendor_host_static"))
            all.push_back({std::string("copies inside the program, ") + flags,
                           folder + "/vendor_host_static",
                           flags,
                           {"LD_BIND_NOW=1"}});
    return all;
}

}  // namespace

TEST_CASE("H16: a host with its own Poco, OpenSSL and SQLite keeps them, and the engine keeps its own") {
    Scene scene;
    const auto gp = scene.gp();
    const std::string token = gp->signer().sign(gp->signer().claims("gp", false, "patel"));
    gp->close();
    const std::string token_file = (scene.folder / "token").string();
    std::ofstream(token_file) << token;
    const std::string settings = (gp->folder() / "settings.json").string();
    for (const Variant& variant : variants()) {
        INFO(variant.name);
        const Run out =
            run(variant.program, {variant.flags, LOADER_FILE, settings, token_file, mary, "1944-06-19"},
                variant.environment);
        INFO(out.said);
        CHECK((WIFEXITED(out.status) && WEXITSTATUS(out.status) == 0));
        CHECK(contains(out.said, "knowledge " + std::to_string(CAREPLUG_KNOWLEDGE_NO_PLAN)));
        CHECK(contains(out.said, "done"));
        // The vendor still finds its own, and never ours.
        const bool inside = contains(variant.program, "static");
        CHECK(contains(out.said, inside ? "sqlite3_libversion in vendor_host_static\n"
                                        : "sqlite3_libversion in libcrypto.so.3\n"));
        CHECK(contains(out.said, "_ZN8careplug6loader7handlesEv in nowhere"));
        CHECK(contains(out.said, "_ZN8careplug4wire13this_versionEv in nowhere"));
        for (const char* system : {"/lib/x86_64-linux-gnu/libPoco", "/lib/x86_64-linux-gnu/libcrypto",
                                   "/lib/x86_64-linux-gnu/libssl", "/lib/x86_64-linux-gnu/libsqlite3"})
            CHECK_FALSE(contains(out.said, system));
    }
}

TEST_CASE("the traps of the vendor's libraries work: an engine that found them would end") {
    const Run out = run(CAREPLUG_BUILD_DIR "/bin/careplug-engine", {}, {"LD_LIBRARY_PATH=" + traps});
    INFO(out.said);
    CHECK_FALSE((WIFEXITED(out.status) && WEXITSTATUS(out.status) == 2));
}
