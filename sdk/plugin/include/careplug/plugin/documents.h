// The documents between the engine and a policy, as values. docs/abi-documents.md shows them as JSON.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/role.h>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plugin {

// The time of a call. A policy has no clock of its own.
struct Now {
    std::int64_t milliseconds = 0;  // since 1970-01-01 UTC
    std::string date_time() const;  // 2026-11-21T14:02:11.000Z
    std::string today() const;      // 2026-11-21
};

// Who is signed in, and the kinds of plan that are known here.
struct Session {
    std::string view;
    std::string role;
    bool senior = false;
    bool may_edit = false;
    bool may_publish = false;
    bool may_note = false;
    plan::Actor actor;
    std::vector<plan::DataSet> data_sets;

    // By url|version; null where this session does not know it.
    const plan::DataSet* find(std::string_view canonical) const;
    const plan::DataSet* plan_set() const;     // null where the session has none
    const plan::DataSet* contact_set() const;  // of urgent care contacts; null where there is none
};

// An unknown word means not_known: never "there is none" (hazard H3).
enum class Knowledge { not_known, no_plan, plan, suspended, closed, removed };

struct PolicyPatient {
    Knowledge knowledge = Knowledge::not_known;
    bool fresh = false;
    bool own_draft = false;
    bool queued = false;         // a change of this user waits to be sent
    std::uint32_t revision = 0;  // of the published plan, also of one last known; 0 where there is none
    // What was known before, when it is not known now and something remains.
    Knowledge last_knowledge = Knowledge::plan;
    // What may be done to the state of the plan or of a submitted change now: approve, send-back, revise,
    // withdraw, suspend, close, reopen, remove; see
    // its history, accept what others changed. The engine judges role and state; a policy offers.
    std::vector<std::string> may{};
};

struct Action {
    std::string id;  // create, edit, continue, read, note, and what PolicyPatient::may names
    std::string label;
    bool primary = false;
};

struct PanelRequest {
    std::string action;
    const plan::DataSet* data_set = nullptr;  // of the form; never null
    std::optional<plan::Answers> published;
    std::optional<plan::Answers> draft;
    const nlohmann::json* record = nullptr;  // the host's Bundle during this call; null where it has none
};

struct Panel {
    std::string title;
    std::string mode;  // read, edit, note
    std::string mode_words;
    std::vector<std::string> core;  // link ids in the order to ask or show them
    std::vector<std::string> more;
    const plan::DataSet* data_set = nullptr;
    plan::Answers initial;
};

struct PlanDocument {
    std::uint32_t revision = 0;
    std::string amended;
    std::string checked;
    std::string author;
    std::string approver;
    std::string status;  // active, on-hold, completed, entered-in-error
    const plan::DataSet* data_set = nullptr;
    plan::Answers answers;
};

struct Summary {
    std::string text;
    std::string html;
    std::string valid_as_of;
};

// A coded entry for the host's record.
struct Entry {
    plan::Coding code;
    std::string text;
    std::string date;
};

// One flag of one patient. `order` and `covered` are what a policy decides.
struct PatientFlag {
    std::string id;
    Knowledge knowledge = Knowledge::not_known;
    int slot = 0;
    int rank = 0;
    std::uint32_t state = 0;
    int order = 0;         // a lower number stands further left; 0 keeps the engine's place
    bool covered = false;  // another flag of its slot stands for it on a board
};

}  // namespace careplug::plugin
