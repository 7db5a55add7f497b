// An exchange in a folder of its own, and hosts beside it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "services/host.h"

namespace careplug::test {

// Three people of the 999 test range, each with a valid check digit.
inline constexpr const char* mary = "9990318468";
inline constexpr const char* john = "9990000018";

struct Scene {
    TemporaryFolder folder;
    Exchange exchange{folder / "exchange"};
    std::unique_ptr<TestHost> gp(const std::string& name = "gp", const std::string& subject = "patel");
    std::unique_ptr<TestHost> ae(const std::string& role = "ae_clinician");
    std::unique_ptr<TestHost> ooh();
    // Of another organisation, whose people may approve too.
    std::unique_ptr<TestHost> hospice();
};

// The engines that this process started and that run.
std::vector<pid_t> engines();
// Waits until the flags of this patient read so.
bool wait_for_knowledge(TestHost& host, const careplug_patient_key& key, std::int32_t knowledge);
bool has_flag(TestHost& host, const careplug_patient_key& key, const std::string& id);
// Waits until the panel's view satisfies `done`; returns it.
nlohmann::json wait_for_view(TestHost& host, careplug_handle panel,
                             const std::function<bool(const nlohmann::json&)>& done);
// Watches, opens, creates and publishes a plan. Returns the revision.
std::uint32_t publish_plan(TestHost& host, const careplug_patient_key& key,
                           const std::string& cpr_code = "450476008");
// Opens the patient, and a panel whose plan has arrived.
struct Opened {
    careplug_handle patient = 0;
    careplug_handle panel = 0;
};
Opened open(TestHost& host, const careplug_patient_key& key, const std::string& action);
// One answer in words, as an update.
nlohmann::json words(const std::string& link_id, const std::string& text);
// Opens the form of an action, answers and submits it, and closes the record. What became of it.
Outcome carry_out(TestHost& host, const careplug_patient_key& key, const std::string& action,
                  std::int32_t intent, const nlohmann::json& items);
// Consent is withdrawn.
void suspend(TestHost& host, const careplug_patient_key& key);

// Two GPs, each with the same published plan open to edit.
class TwoEditors {
public:
    // `also` are answers that the plan has beside the core ones.
    explicit TwoEditors(const nlohmann::json& also = nlohmann::json::array());

    void i_write(const nlohmann::json& items);
    void they_publish(const nlohmann::json& items);
    // Mine, which meets theirs; the panel then shows both.
    nlohmann::json meet();
    Outcome publish_mine() { return first->submit(mine.panel, CAREPLUG_INTENT_PUBLISH); }
    Outcome resolve(const std::string& unit, std::int32_t keep);
    std::string my_response() const;

    Scene scene;
    std::unique_ptr<TestHost> first = scene.gp();
    std::unique_ptr<TestHost> second = scene.gp("second", "jones");
    Opened mine;
    Opened theirs;
};

bool contains(const std::string& text, const std::string& part);

}  // namespace careplug::test
