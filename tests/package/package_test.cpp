#include <careplug/package/guarded_folder.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <vector>

#include "yard.h"

using namespace careplug;
using namespace careplug::test;

namespace fs = std::filesystem;

TEST_CASE("a package in order is taken, and tells who signed it") {
    const Yard yard;
    const package::Package opened = yard.open();
    CHECK(opened.is_signed);
    CHECK(opened.manifest.id == "example.ward");
    CHECK(opened.manifest.version.text == "1.2.0");
    CHECK(opened.file_sha256 == yard.manifest.sha256);
    CHECK(opened.acceptance() ==
          "signed by Example Ltd with key " + yard.open_key.id + ", good until 2027-03-31");
}

TEST_CASE("what is given is the whole file, and nobody can change it any more") {
    const Yard yard;
    const package::Package opened = yard.open();
    const int memory = opened.file.number();
    std::string bytes(opened.file_size, '\0');
    REQUIRE(::pread(memory, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    CHECK(bytes == contents(yard.file));
    CHECK(::fcntl(memory, F_GET_SEALS) == (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL));
    CHECK(::pwrite(memory, "x", 1, 0) == -1);
    CHECK(errno == EPERM);
    CHECK(::ftruncate(memory, 10) == -1);
    CHECK(::ftruncate(memory, 100000) == -1);
    CHECK(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED);
    CHECK((::fcntl(memory, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a key is good through its last day") {
    Yard yard;
    yard.here.now = 1'806'537'599;  // 2027-03-31T23:59:59Z
    CHECK(yard.refusal().empty());
    CHECK(yard.open_key.days_left(yard.here.now) == 0);
    yard.here.now += 1;
    CHECK_FALSE(yard.refusal().empty());
    yard.here.now = -1;
    CHECK(yard.open_key.days_left(0) == 20908);
}

TEST_CASE("rules that allow a package leave it alone") {
    Yard yard;
    put(yard.trust / "minimum.json", R"({"example.ward": "1.2.0", "example.other": "9.0.0"})");
    put(yard.trust / "revoked.json", "{\"keys\": {\"" + std::string(32, 'a') +
                                         "\": \"lost\"}, \"packages\": {\"" + std::string(64, 'b') +
                                         "\": \"wrong\"}}");
    put(yard.trust / "development.json", R"({"folders": ["/srv/elsewhere/"]})");
    CHECK(yard.refusal().empty());
    yard.manifest.id = "example.care.night";
    yard.write_package();
    CHECK(yard.refusal().empty());
    yard.manifest.abi_from = {0, 1, 0};
    yard.manifest.abi_to = {3, 0, 0};
    yard.write_package();
    CHECK(yard.refusal().empty());
}

TEST_CASE("in a development folder a package without signature and a bare file are taken, and it is said") {
    Yard yard;
    put(yard.trust / "development.json", "{\"folders\": [\"" + yard.plugins.string() + "\"]}");
    CHECK(yard.open().is_signed);
    fs::remove(yard.signature_file);
    const package::Package opened = yard.open();
    CHECK_FALSE(opened.is_signed);
    CHECK(opened.manifest.id == "example.ward");
    CHECK(opened.acceptance().find("NOT SIGNED") == 0);
    // What a manifest says holds there too.
    put(yard.file, "another plugin");
    CHECK(yard.refusal().find("is not the one that the manifest names") != std::string::npos);
    fs::rename(yard.file, yard.plugins / "ward.so");
    fs::remove_all(yard.package);
    const package::Package bare = yard.open();
    CHECK(bare.bare);
    CHECK(bare.acceptance().find("NOT SIGNED") == 0);
    // A development folder is no excuse for a file that others may write.
    fs::permissions(yard.plugins / "ward.so", fs::perms::others_write, fs::perm_options::add);
    CHECK(yard.refusal().find("Others may write") != std::string::npos);
    fs::permissions(yard.plugins / "ward.so", fs::perms::others_write, fs::perm_options::remove);
    put(yard.trust / "revoked.json", "{\"packages\": {\"" + bare.file_sha256 + "\": \"wrong\"}}");
    CHECK(yard.refusal().find("was revoked") != std::string::npos);
}

TEST_CASE("a name that is a path names no package") {
    const Yard yard;
    const auto trust = package::read_trust(yard.trust.string());
    for (const char* name : {"", ".", "..", "../plugins/ward", "ward/", "/etc", ".hidden"})
        CHECK_THROWS_AS(package::open_plugin(yard.plugins.string(), name, trust, yard.here),
                        package::Refusal);
}

TEST_CASE("a folder in which all may write is passed on the way only where it is sticky") {
    const TemporaryFolder folder;
    const fs::path open = folder / "open";
    fs::create_directories(open / "mine");
    ::chmod((open / "mine").c_str(), 0700);
    ::chmod(open.c_str(), 01777);
    CHECK_NOTHROW(package::GuardedFolder((open / "mine").string(), "folder"));
    CHECK_THROWS_AS(package::GuardedFolder(open.string(), "folder"), package::Refusal);
    ::chmod(open.c_str(), 0777);
    CHECK_THROWS_AS(package::GuardedFolder((open / "mine").string(), "folder"), package::Refusal);
}

TEST_CASE("a folder that may be passed but not listed is passed on the way") {
    Yard yard;
    fs::permissions(yard.plugins, fs::perms::owner_exec);
    CHECK(yard.refusal().empty());
    fs::permissions(yard.plugins, fs::perms::owner_all);
}

TEST_CASE("opening a package leaves no descriptor open, taken or refused") {
    Yard yard;
    const auto descriptors = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    const auto before = descriptors();
    for (int i = 0; i < 20; ++i) yard.refusal();
    put(yard.file, "another plugin");
    for (int i = 0; i < 20; ++i) yard.refusal();
    CHECK(descriptors() == before);
}
