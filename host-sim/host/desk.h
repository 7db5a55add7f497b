// One browser's sign-in: a Careplug session, the records open in it, and a thread that pulls its events.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <thread>

#include "assertion.h"
#include "careplug_host.h"
#include "coded_entries.h"
#include "feed.h"
#include "profile.h"
#include "roster.h"

namespace careplug::sim {

struct HostContext {
    const Profile& profile;
    SigningKey key;
    Roster roster;
    std::shared_ptr<CodedEntries> codes = std::make_shared<CodedEntries>();
};

class Desk {
public:
    // Throws Refusal when the session cannot be opened.
    Desk(const LoaderHandle& loader, const HostContext& context, User user);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    const User& user() const { return user_; }
    Feed& feed() { return feed_; }
    bool stopped() const { return stopped_; }
    // Whether the identity was accepted within the time.
    bool wait_signed_in(std::chrono::milliseconds timeout);

    nlohmann::json state();
    nlohmann::json rows();
    nlohmann::json patient(const std::string& id);
    nlohmann::json open_patient(const std::string& id);
    nlohmann::json close_patient(const std::string& id);
    nlohmann::json acknowledge(const std::string& id);
    nlohmann::json enter_code(const std::string& id, const std::string& code, const std::string& text);
    nlohmann::json end_code(const std::string& id, const std::string& entry);

    nlohmann::json open_panel(const std::string& patient, const std::string& action);
    nlohmann::json view(const std::string& panel);
    nlohmann::json update(const std::string& panel, const std::string& items);
    nlohmann::json validate(const std::string& panel, std::int32_t intent);
    nlohmann::json submit(const std::string& panel, std::int32_t intent);
    nlohmann::json resolve(const std::string& panel, const std::string& unit, std::int32_t keep);
    nlohmann::json reveal(const std::string& panel, const std::string& link_id);
    nlohmann::json summary(const std::string& panel);
    nlohmann::json discard(const std::string& panel);
    nlohmann::json close_panel(const std::string& panel);

private:
    struct OpenPatient {
        OpenedPatient opened;
    };
    struct OpenPanel {
        PanelHandle handle;
        std::string patient;
        std::string action;
    };
    struct Sent {
        OperationHandle handle;
        std::string panel;
        std::string patient;
    };

    void pull_events();
    void handle(const Event& event);
    void answer(const Event& event);
    void complete(careplug_handle request, careplug_status status, const std::string& body);
    void publish_operation(const Event& event);
    void publish_if_flags_changed();
    void watch();
    OpenPanel& panel_of(const std::string& id);
    nlohmann::json actions(const std::string& patient);
    nlohmann::json panel_json(const std::string& id, const std::string& view) const;

    const HostContext& context_;
    const User user_;
    const Roster roster_;  // a patient's is of themselves alone
    Feed feed_;
    std::mutex calls_;  // one call at a time within a session
    SessionHandle session_;
    std::map<std::string, OpenPatient> patients_;
    std::map<std::string, OpenPanel> panels_;
    std::map<careplug_handle, Sent> sent_;
    std::uint64_t last_panel_ = 0;
    std::vector<careplug_flags_record> shown_;
    std::mutex sign_in_;
    std::condition_variable sign_in_changed_;
    bool signed_in_ = false;
    std::atomic<bool> stopped_{false};
    std::atomic<bool> ending_{false};
    std::thread pump_;
};

}  // namespace careplug::sim
