// The small forms that change the state of a plan or of a submission: what is asked, and by which intent.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/states.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::engine {

struct StateForm {
    std::string action;       // of careplug_actions
    std::int32_t intent = 0;  // CAREPLUG_INTENT_
    std::string title;
    std::string words;                 // what it does
    std::optional<plan::PlanAct> act;  // of the plan; otherwise of a submission
    plan::RevisionAct revision_act = plan::RevisionAct::withdraw;
    plan::DataSet form;

    std::vector<std::string> link_ids() const;
};

inline constexpr const char* state_since = "state.since";
inline constexpr const char* state_reason = "state.reason";

const std::vector<StateForm>& state_forms();
// Those by which a patient's proposal is decided. Their intents are those of a submission.
const StateForm& decline_form();
const StateForm& take_back_form();
// Null for any other action or intent.
const StateForm* state_form(std::string_view action);
const StateForm* state_form_of(std::int32_t intent);

}  // namespace careplug::engine
