// Every published revision of a plan and every change of its state: who, when, and what changed.
#pragma once

#include <careplug/plan/fhir.h>
#include <careplug/plan/plan.h>
#include <careplug/plan/role.h>
#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exchange/exchange.h"
#include "settings/catalogue.h"

namespace careplug::engine {

// One version of the plan's header that moved its pointer or its state.
struct PastState {
    plan::Plan header;
    bool published = false;  // a new revision; otherwise its state changed
    const plan::DataSet* data_set = nullptr;
    std::optional<plan::Answers> answers;  // of a revision that could be read
};

struct History {
    std::vector<PastState> states;  // oldest first
    const PastState* revision(std::uint32_t number) const;
};

// Order and numbers come from the plan's own versions, never from clocks (hazard H19). Throws what Exchange
// does.
History fetch_history(Exchange& exchange, const std::string& token, const std::string& plan_id,
                      const Catalogue& catalogue);

// The same without what the revisions say.
History fetch_states(Exchange& exchange, const std::string& token, const std::string& plan_id,
                     const Catalogue& catalogue);

// What a reader may see of it.
struct HistoryReader {
    std::string view;
    bool restricted = false;
    bool may_restore = false;
    // How far this organisation accepted what others changed; none where nothing waits.
    std::optional<plan::fhir::Accepted> accepted;
    std::string organisation;
};
// A change of the plan's state as `history` has it.
nlohmann::json draw_state(const plan::Plan& header);
// Document `history` of a panel's view, newest first.
nlohmann::json draw_history(const History& history, const HistoryReader& reader);

// "restore.7" to 7; 0 for any other action.
std::uint32_t restored_revision(const std::string& action);

}  // namespace careplug::engine
