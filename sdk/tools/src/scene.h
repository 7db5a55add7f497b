// What most tests start from: the plugin loaded, shaken hands with, and one session's policy open.
#pragma once

#include "documents.h"
#include "library.h"

namespace careplug::tools {

class OpenPolicy {
public:
    // Throws NotRun where the plugin opens no policy: see P-101.
    OpenPolicy(const careplug_policy& table, const json& session);
    ~OpenPolicy();
    OpenPolicy(const OpenPolicy&) = delete;
    OpenPolicy& operator=(const OpenPolicy&) = delete;

    std::uint64_t handle() const { return handle_; }
    void close();
    Answer ask(const NamedFunction& function, std::string_view document, std::int64_t now = usual_time) const;
    Answer actions(const json& patient) const;
    Answer panel(const json& request) const;
    Answer check(const json& response) const;
    Answer summary(const json& plan) const;
    Answer write_back(const json& plan) const;
    std::vector<careplug_policy_flag> order(std::vector<careplug_policy_flag> flags,
                                            std::int64_t now = usual_time) const;

private:
    const careplug_policy& table_;
    std::uint64_t handle_ = 0;
};

// The view that the plugin says it has.
std::string view_of(const careplug_policy& table);

class Scene {
public:
    explicit Scene(const Trial& trial, Rights rights = {});

    Documents documents;
    Library library;
    const careplug_policy& table;
    std::string view;
    OpenPolicy policy;
};

// The answer as a JSON object. Throws Failed where it is none.
json object_in(const Answer& answer, const std::string& function);
// As object_in, and Failed where the plugin refused what it must answer.
json answered(const Answer& answer, const std::string& function);
// As object_in, and NotApplicable where the plugin refused what it may refuse.
json answered_or_not_applicable(const Answer& answer, const std::string& what);

}  // namespace careplug::tools
