// Packages as the real engine takes them, behind the real loader.
#include <careplug/host.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "yard.h"

using namespace careplug;
using namespace careplug::test;

namespace fs = std::filesystem;

namespace {

std::string take(careplug_handle handle) {
    if (handle == 0) return {};
    const char* data = nullptr;
    std::uint64_t length = 0;
    careplug_result(handle, &data, &length);
    std::string text(data, length);
    careplug_release(handle);
    return text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// The yard's package with a real plugin in it, and an engine that is to take it.
struct Ward : Yard {
    Ward() {
        fs::create_directories(folder / "store");
        fs::permissions(folder / "store", fs::perms::owner_all);
        put(folder / "store.key", std::string(32, 'k'));
        fs::permissions(folder / "store.key", fs::perms::owner_read | fs::perms::owner_write);
        open_key.expires = "2099-12-31";
        trust_key();
        install("ward_1", "1.2.0");
    }
    ~Ward() {
        if (loader != 0) careplug_close(loader);
    }

    // Beside its place, then renamed, as the operator's page says.
    void install(const std::string& built, const std::string& version) {
        const fs::path before = plugins / "before";
        const fs::path after = package;
        fs::remove_all(before);
        package = plugins / "ward.new";
        fs::create_directories(package);
        fs::permissions(package, fs::perms::owner_all);
        manifest_file = package / package::manifest_name;
        signature_file = package / package::signature_name;
        file = package / "ward.so";
        put(file, contents(fs::path(CAREPLUG_BUILD_DIR) / "tests/package-plugins" / (built + ".so")));
        manifest.version = *package::parse_version(version);
        manifest.sha256 = package::sha256_of_file(file.string());
        write_package();
        fs::rename(after, before);
        fs::rename(package, after);
        package = after;
        manifest_file = package / package::manifest_name;
        signature_file = package / package::signature_name;
        file = package / "ward.so";
    }

    void start() {
        nlohmann::json settings = {{"exchange", "http://127.0.0.1:9/fhir"},
                                   {"store", (folder / "store").string()},
                                   {"key", (folder / "store.key").string()},
                                   {"datasets", std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets"},
                                   {"plugins", plugins.string()},
                                   {"kinds", {{"ooh", "ward"}}},
                                   {"log", (folder / "engine.log").string()}};
        if (with_trust) settings["trust"] = trust.string();
        const std::string path = (folder / "settings.json").string();
        put(path, settings.dump());
        const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                                   CAREPLUG_ABI_CANDIDATE};
        careplug_answer answer{};
        answer.size = sizeof answer;
        careplug_handle problem = 0;
        REQUIRE(careplug_open(&offer, &answer, "test", 4, path.data(), path.size(), &loader, &problem) ==
                CAREPLUG_OK);
    }

    // A session; or 0, and `sentence` says why not.
    careplug_handle session() {
        if (loader == 0) start();
        careplug_handle opened = 0;
        careplug_handle problem = 0;
        const careplug_status status = careplug_session_open(loader, "ooh", 3, "desk", 4, &opened, &problem);
        sentence = take(problem);
        CHECK(((status == CAREPLUG_OK) == sentence.empty()));
        if (status != CAREPLUG_OK) CHECK(status == CAREPLUG_FAILED_PLUGIN);
        return opened;
    }
    static nlohmann::json plugin_of(careplug_handle session) {
        careplug_handle result = 0;
        careplug_handle problem = 0;
        careplug_session_state(session, &result, &problem);
        take(problem);
        return nlohmann::json::parse(take(result)).at("plugin");
    }
    std::string log() const { return contents(folder / "engine.log"); }

    bool with_trust = true;
    careplug_handle loader = 0;
    std::string sentence;
};

}  // namespace

TEST_CASE("a session is opened with a signed package, and says whose signature was accepted") {
    Ward ward;
    const careplug_handle session = ward.session();
    INFO(ward.sentence);
    REQUIRE(session != 0);
    const auto plugin = Ward::plugin_of(session);
    CHECK(plugin.at("id") == "example.ward");
    CHECK(plugin.at("version") == "1.2.0");
    CHECK(plugin.at("signature") ==
          "signed by Example Ltd with key " + ward.open_key.id + ", good until 2099-12-31");
    CHECK(contains(ward.log(), "plugin example.ward 1.2.0: signed by Example Ltd"));
    CHECK_FALSE(contains(ward.log(), "WARNING"));
}

TEST_CASE("H16: without a trust folder no plugin is taken, signed or not") {
    Ward ward;
    SECTION("the settings name none") {
        ward.with_trust = false;
    }
    SECTION("it is missing") {
        fs::remove_all(ward.trust);
    }
    SECTION("it is empty") {
        fs::remove_all(ward.trust / "keys");
    }
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "trust"));
    CHECK(contains(ward.log(), ward.sentence));
}

TEST_CASE(
    "H16: an engine never takes an unsigned plugin unless its folder is one of development, and then says "
    "so") {
    Ward ward;
    const bool bare = GENERATE(false, true);
    if (bare) {
        fs::rename(ward.file, ward.plugins / "ward.so");
        fs::remove_all(ward.package);
    } else {
        fs::remove(ward.signature_file);
    }
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "development.json"));
    put(ward.trust / "development.json", nlohmann::json{{"folders", {ward.plugins.string()}}}.dump());
    const careplug_handle session = ward.session();
    REQUIRE(session != 0);
    CHECK(contains(Ward::plugin_of(session).at("signature"), "NOT SIGNED"));
    CHECK(contains(ward.log(), "WARNING: plugin example.ward 1.2.0: NOT SIGNED"));
}

TEST_CASE("H16: a plugin that was changed on the disk serves no session") {
    Ward ward;
    std::string bytes = contents(ward.file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    put(ward.file, bytes);
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "is not the one that the manifest names"));
}

TEST_CASE("a package whose plugin calls itself otherwise is refused") {
    Ward ward;
    ward.install("ward_2", "1.2.0");
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "calls itself example.ward 1.3.0"));
}

TEST_CASE("a newer package serves the sessions that are opened afterwards and those that run") {
    Ward ward;
    const careplug_handle first = ward.session();
    REQUIRE(first != 0);
    ward.install("ward_2", "1.3.0");
    const careplug_handle second = ward.session();
    INFO(ward.sentence);
    REQUIRE(second != 0);
    CHECK(Ward::plugin_of(second).at("version") == "1.3.0");
    CHECK(Ward::plugin_of(first).at("version") == "1.3.0");

    // Back again, as long as the administrator allows it.
    ward.install("ward_1", "1.2.0");
    const careplug_handle third = ward.session();
    REQUIRE(third != 0);
    CHECK(Ward::plugin_of(third).at("version") == "1.2.0");
    put(ward.trust / "minimum.json", R"({"example.ward": "1.3.0"})");
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "older than 1.3.0"));
    CHECK(Ward::plugin_of(first).at("version") == "1.2.0");
}

TEST_CASE("what was revoked serves no further session") {
    Ward ward;
    const careplug_handle first = ward.session();
    REQUIRE(first != 0);
    put(ward.trust / "revoked.json",
        "{\"packages\": {\"" + ward.manifest.sha256 + "\": \"shows a wrong order\"}}");
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "was revoked (shows a wrong order)"));
    ward.install("ward_2", "1.3.0");
    CHECK(ward.session() != 0);
    put(ward.trust / "revoked.json", "{\"keys\": {\"" + ward.open_key.id + "\": \"it was stolen\"}}");
    CHECK(ward.session() == 0);
    CHECK(contains(ward.sentence, "was revoked (it was stolen)"));
}

TEST_CASE("an administrator is told in the log before a key ends") {
    Ward ward;
    const auto soon =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + std::chrono::days(10);
    const std::chrono::year_month_day day(soon);
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    ward.open_key.expires = text;
    ward.trust_key();
    REQUIRE(ward.session() != 0);
    CHECK(contains(ward.log(), "WARNING: the key of plugin example.ward is good for "));
}
