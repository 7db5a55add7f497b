#include "upgrade/installed.h"

#include <catch2/catch.hpp>

namespace careplug::test {

namespace fs = std::filesystem;

InstalledPackage::InstalledPackage() {
    fs::remove_all(package);
    open_key.expires = "2099-12-31";
    open_key.plugins = {"example.*"};
    trust_key();
    manifest.id = visitor;
    install("visit_1", "1.0.0");
}

void InstalledPackage::lay_out(const std::string& built, const std::string& version) {
    package = plugins / "visit.new";
    fs::create_directories(package);
    fs::permissions(package, fs::perms::owner_all);
    manifest_file = package / package::manifest_name;
    signature_file = package / package::signature_name;
    file = package / "visit.so";
    put(file, contents(fs::path(CAREPLUG_BUILD_DIR) / "tests/upgrade-plugins" / (built + ".so")));
    manifest.file = "visit.so";
    manifest.version = *package::parse_version(version);
    manifest.sha256 = package::sha256_of_file(file.string());
    write_package();
}

void InstalledPackage::put_in_place() {
    const fs::path place = plugins / "visit";
    const fs::path before = plugins / "visit.before";
    fs::remove_all(before);
    if (fs::exists(place)) fs::rename(place, before);
    fs::rename(package, place);
}

void InstalledPackage::install(const std::string& built, const std::string& version) {
    lay_out(built, version);
    put_in_place();
}

void InstalledPackage::install_tampered(const std::string& built, const std::string& version) {
    lay_out(built, version);
    std::string bytes = contents(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    put(file, bytes);
    put_in_place();
}

void InstalledPackage::minimum(const std::string& version) {
    put(trust / "minimum.json", nlohmann::json{{visitor, version}}.dump());
}

void InstalledPackage::settings(nlohmann::json& settings) const {
    settings["plugins"] = plugins.string();
    settings["trust"] = trust.string();
    settings["kinds"] = {{"gp", "visit"}};
}

Practice::Practice()
    : gp(std::make_unique<TestHost>(scene.exchange, scene.folder / "gp", "gp",
                                    SignedIn{"gp", true, "patel", "Dr A. Patel"},
                                    [this](nlohmann::json& settings) { package.settings(settings); })) {
    publish_plan(*gp, key);
    editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")}))
                .status == CAREPLUG_OK);
}

std::string Practice::button() {
    const Outcome actions = TestHost::call(careplug_actions, editing.patient);
    if (actions.status >= 100) return {};
    const nlohmann::json offered = actions.json();
    for (const auto& action : offered.at("actions"))
        if (action.at("id") == "edit" || action.at("id") == "continue") return action.at("label");
    return {};
}

std::string Practice::version() {
    return TestHost::call(careplug_session_state, gp->session()).json().at("plugin").at("version");
}

bool Practice::wait_for_version(const std::string& wanted) {
    return gp->pump_until([&] { return version() == wanted; });
}

std::string Practice::log() const {
    return contents(scene.folder.path() / "gp" / "engine.log");
}

}  // namespace careplug::test
