// A GP's system whose plugin is a signed package that a test replaces while its session runs.
#pragma once

#include <string>

#include "engine/scene.h"
#include "package/yard.h"
#include "upgrade/engine_files.h"

namespace careplug::test {

inline constexpr const char* visitor = "example.visit";

class InstalledPackage : public Yard {
public:
    InstalledPackage();

    // Beside its place, then renamed, as the operator's page says. `built` is the plugin's file.
    void install(const std::string& built, const std::string& version);
    // The same, with one byte of the plugin changed after it was signed.
    void install_tampered(const std::string& built, const std::string& version);
    void minimum(const std::string& version);
    void settings(nlohmann::json& settings) const;

private:
    void lay_out(const std::string& built, const std::string& version);
    void put_in_place();
};

// A GP who is signed in, with a plan published; the settings take the package above.
struct Practice {
    Practice();
    // The words of the button that edits, or goes on with the draft.
    std::string button();
    std::string version();
    bool wait_for_version(const std::string& version);
    std::string log() const;

    EngineFiles files;
    Scene scene;
    InstalledPackage package;
    std::unique_ptr<TestHost> gp;
    careplug_patient_key key = patient_key(mary, "1944-06-19");
    Opened editing;  // with an edit that is half done
};

}  // namespace careplug::test
