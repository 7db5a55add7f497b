#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "yard.h"

using namespace careplug;
using namespace careplug::test;

namespace fs = std::filesystem;

namespace {

struct Ran {
    int code = 0;
    std::string said;
    std::string errors;
};

Ran run_tool(const std::vector<std::string>& words) {
    Process process(std::string(CAREPLUG_BUILD_DIR) + "/bin/careplug", words);
    Ran ran;
    while (const auto line = process.read_line()) ran.said += *line + "\n";
    ran.code = process.wait();
    ran.errors = process.standard_error();
    return ran;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A key, a plugin of the build in a folder of its own, and a trust folder.
struct Signing {
    TemporaryFolder folder;
    std::string keys = (folder / "keys").string();
    std::string key = keys + "/signing.key";
    fs::path package = folder / "gp";
    fs::path trust = folder / "trust";
    Ran keygen = run_tool({"keygen", keys, "--vendor", "Careplug", "--plugins", "careplug.*"});

    Signing() {
        fs::create_directories(trust / "keys");
        fs::create_directories(package);
        for (const auto& each : {folder.path(), trust, trust / "keys", package})
            fs::permissions(each, fs::perms::owner_all);
        fs::copy_file(std::string(CAREPLUG_BUILD_DIR) + "/plugins/gp.so", package / "gp.so");
        fs::permissions(package / "gp.so", fs::perms::owner_read | fs::perms::owner_write);
        for (const auto& entry : fs::directory_iterator(keys))
            if (entry.path().extension() == ".json")
                fs::copy_file(entry.path(), trust / "keys" / entry.path().filename());
    }
    Ran sign(const std::vector<std::string>& more = {}) {
        std::vector<std::string> words = {"sign", package.string(), "--key", key, "--vendor", "Careplug"};
        words.insert(words.end(), more.begin(), more.end());
        return run_tool(words);
    }
    Ran verify() { return run_tool({"verify", package.string(), "--trust", trust.string()}); }
};

}  // namespace

TEST_CASE("a key that was made signs a package that is verified") {
    Signing signing;
    REQUIRE(signing.keygen.code == 0);
    const Ran signed_now = signing.sign();
    INFO(signed_now.errors);
    REQUIRE(signed_now.code == 0);
    // Id and version are the plugin's own.
    CHECK(contains(signed_now.said, "Signed careplug.gp 0."));
    const Ran verified = signing.verify();
    INFO(verified.said);
    CHECK(verified.code == 0);
    CHECK(contains(verified.said, "signed by Careplug with key "));
    CHECK(contains(verified.said, "accepted\n"));

    put(signing.package / "gp.so", "another plugin");
    const Ran refused = signing.verify();
    CHECK(refused.code == 1);
    CHECK(contains(refused.said, "refused: The file "));
    CHECK_FALSE(contains(refused.said, "accepted"));
}

TEST_CASE("the private key is its owner's alone, is never shown, and is never written over") {
    Signing signing;
    struct stat facts {};
    REQUIRE(::stat(signing.key.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    const std::string secret = contents(signing.key);
    REQUIRE(contains(secret, "PRIVATE KEY"));
    const std::string line = secret.substr(secret.find('\n') + 1, 60);
    CHECK_FALSE(contains(signing.keygen.said + signing.keygen.errors, line));
    CHECK_FALSE(contains(signing.sign().said, line));
    for (const auto& entry : fs::directory_iterator(signing.keys))
        if (entry.path() != signing.key) CHECK_FALSE(contains(contents(entry.path()), line));

    const Ran again = run_tool({"keygen", signing.keys, "--vendor", "Careplug", "--plugins", "careplug.*"});
    CHECK(again.code == 64);
    CHECK(contains(again.errors, "is there already"));
    CHECK(contents(signing.key) == secret);

    ::chmod(signing.key.c_str(), 0640);
    CHECK(contains(signing.sign().errors, "is open to others"));
}

TEST_CASE("what cannot be signed is refused with a sentence, and nothing is written") {
    Signing signing;
    const auto untouched = [&] { return !fs::exists(signing.package / "manifest.json"); };
    CHECK(contains(signing.sign({"--id", "careplug.ae"}).errors, "says of itself that it is careplug.gp"));
    CHECK(contains(signing.sign({"--abi-from", "one"}).errors, "needs a version"));
    CHECK(contains(signing.sign({"--abi-from", "9.0", "--abi-to", "8.0"}).errors, "from a newer version"));
    CHECK(contains(signing.sign({"--file", "../gp/gp.so"}).errors, "not a path"));
    CHECK(contains(signing.sign({"--colour", "red"}).errors, "is not known here"));
    fs::copy_file(signing.package / "gp.so", signing.package / "two.so");
    CHECK(contains(signing.sign().errors, "more than one .so"));
    fs::remove(signing.package / "two.so");
    put(signing.package / "gp.so", "no library");
    CHECK(contains(signing.sign().errors, "does not say its id and version"));
    CHECK(untouched());
    fs::remove(signing.package / "gp.so");
    CHECK(contains(signing.sign().errors, "holds no .so file"));
    CHECK(untouched());
    CHECK(run_tool({"keygen", signing.keys + "2", "--vendor", "A", "--plugins", "*"}).code == 64);
    CHECK_FALSE(fs::exists(signing.keys + "2/signing.key"));
}

TEST_CASE("a plugin that cannot be asked here is signed under the names given") {
    Signing signing;
    put(signing.package / "gp.so", "a library of another platform");
    const Ran ran = signing.sign({"--id", "careplug.gp", "--version", "3.1.4"});
    INFO(ran.errors);
    REQUIRE(ran.code == 0);
    CHECK(contains(signing.verify().said, "careplug.gp 3.1.4 of Careplug"));
}
