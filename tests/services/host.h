// A host as a vendor would write it, for tests: host.h and nothing else of the SDK. It answers requests
// for identity and record, and pulls events on the calling thread.
#pragma once

#include <careplug/host.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "services/exchange.h"

namespace careplug::test {

struct Outcome {
    careplug_status status = 0;
    std::string text;     // the result
    std::string problem;  // the sentence
    nlohmann::json json() const { return nlohmann::json::parse(text); }
};

struct PulledEvent {
    careplug_event record{};
    std::string body;
};

// Who is signed in at this host.
struct SignedIn {
    std::string role = "gp";
    bool senior = true;
    std::string subject = "one";
    std::string name = "Dr T. Ester";
    // Of a host that is started again with the key that the exchange knows; made where there is none.
    std::shared_ptr<TokenSigner> signer = {};
};

// The folder of the plugins that were built: "plugins" in an engine's settings.
std::string built_plugins();
// "trust" in them: a trust folder, made below FOLDER, for which PLUGINS is a development folder.
std::string development_trust(const std::filesystem::path& folder, const std::string& plugins);

class TestHost {
public:
    // Makes FOLDER with settings, store and key; trusts its own key at the exchange; opens loader and
    // session. `kind` is gp, ooh or ae.
    // `settings` may change the engine's settings before each start.
    TestHost(Exchange& exchange, std::filesystem::path folder, std::string kind, SignedIn who = {},
             std::function<void(nlohmann::json&)> settings = {});
    // The same person at another window: a second engine on the same store.
    explicit TestHost(TestHost& other);
    // A second session of the same loader.
    enum class Beside { same_loader };
    TestHost(TestHost& other, Beside);
    ~TestHost();
    TestHost(const TestHost&) = delete;
    TestHost& operator=(const TestHost&) = delete;

    void open();   // loader and session, and waits until the identity was accepted
    void close();  // both

    careplug_handle loader() const { return loader_; }
    careplug_handle session() const { return session_; }
    const std::filesystem::path& folder() const { return folder_; }
    TokenSigner& signer() { return *signer_; }
    // What the host asserts: by default what its signer says.
    std::function<std::string(nlohmann::json claims)> assertion;
    int identities_asked() const { return identities_asked_; }

    // The record that is given for pre-filling: by default a Bundle that names the patient alone.
    std::function<nlohmann::json(const nlohmann::json& request)> record;

    // On which basis patients are opened where a test names none; 0: as the kind of host does.
    std::int32_t basis = 0;

    // What the record answers when entries are to be filed: by default that each is.
    std::function<nlohmann::json(const nlohmann::json& request)> file;

    // Pulls events, answering requests, until `done` holds or the time is over. False when it is over.
    bool pump_until(const std::function<bool()>& done, std::chrono::seconds limit = std::chrono::seconds(15));
    // The next event of this kind, kept or to come. Throws when none comes.
    PulledEvent wait_for(std::int32_t kind);
    // Of those that were pulled already.
    std::optional<PulledEvent> kept(std::int32_t kind);

    careplug_flags_record flags(const careplug_patient_key& patient);
    // "dnacpr", "lpa" ... in the order drawn.
    std::vector<std::string> flag_ids(const careplug_flags_record& flags);
    void watch(const std::vector<careplug_patient_key>& patients);

    // Calls with a result and a problem.
    using ResultCall = careplug_status(CAREPLUG_CALL*)(careplug_handle, careplug_handle*, careplug_handle*);
    static Outcome call(ResultCall function, careplug_handle handle);

    Outcome open_patient(const careplug_patient_key& key, const std::string& name, careplug_handle& patient,
                         std::int32_t basis = 0,  // 0: that of this kind of host
                         const std::string& reason = {});
    Outcome open_panel(careplug_handle patient, const std::string& action, careplug_handle& panel);
    static Outcome view(careplug_handle panel) { return call(careplug_panel_view, panel); }
    static Outcome update(careplug_handle panel, const nlohmann::json& items);
    // Submits and waits for the event that completes it.
    Outcome submit(careplug_handle panel, std::int32_t intent);

private:
    void open_loader();
    void open_session();
    void answer(const PulledEvent& event);

    Exchange& exchange_;
    std::filesystem::path folder_;
    std::string kind_;
    SignedIn who_;
    std::function<void(nlohmann::json&)> settings_;
    std::shared_ptr<TokenSigner> signer_;
    int identities_asked_ = 0;
    TestHost* owner_ = nullptr;  // of the loader, where it is another's
    careplug_handle loader_ = 0;
    careplug_handle session_ = 0;
    std::deque<PulledEvent> kept_;
};

careplug_patient_key patient_key(const std::string& nhs_number, const std::string& birth_date,
                                 std::int32_t status = 1);

// A Bundle of a Patient with this identity, a practice, and no known allergies.
nlohmann::json record_bundle(const std::string& nhs_number, const std::string& birth_date,
                             const std::string& family, const std::string& given);

// Items that answer every question that publishing an urgent care plan needs.
nlohmann::json core_answers(const std::string& cpr_code = "450476008");
nlohmann::json coded(const std::string& link_id, const std::string& code, const std::string& system,
                     const std::string& display);
nlohmann::json worded(const std::string& link_id, const std::string& text);

}  // namespace careplug::test
