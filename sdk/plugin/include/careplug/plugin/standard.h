// What policies of different hosts have in common. Each is a function of its arguments alone.
#pragma once

#include <careplug/plugin/policy.h>

namespace careplug::plugin {

// Which flag a board starts with: the knowledge, or the CPR slot.
enum class First { knowledge, cpr };

// Sets order and covered for one patient by the data set's rules of display: knowledge and CPR stand
// first and are never covered (hazard H3); then a change that was not shared, then what asks for a look
// before acting, then the rest by slot and rank. Of every other slot the lowest rank covers the rest.
void order_flags(std::span<PatientFlag> flags, First first);

// Staff note, expired medicines, active ICD, overdue review.
bool look_before_acting(std::string_view flag_id);

struct Labels {
    std::string create = "Create urgent care plan";
    std::string resume = "Continue draft";
    std::string edit = "Edit";
    std::string read = "Read plan";
    std::string note = "Add contact note";
    std::string history = "History";
    std::string accept = "See what changed elsewhere";
    std::string approve = "Approve submitted change";
    std::string send_back = "Send change back";
    std::string revise = "Change and submit again";
    std::string withdraw = "Withdraw submitted change";
    std::string suspend = "Consent withdrawn";
    std::string close = "Person died: close plan";
    std::string reopen = "Reopen plan";
    std::string remove = "Entered in error";
    std::string emergency = "Open in an emergency";
};

// The actions that knowledge, draft and role allow. `create` needs a fresh answer that there is no plan.
// The first of `primary` that is offered is drawn as the main button; a draft in progress always is.
std::vector<Action> standard_actions(const Session& session, const PolicyPatient& patient,
                                     const Labels& labels, const std::vector<std::string>& primary);

// The form or the reading view that a request asks for. Forms: the data set's core in entry order, then
// the identity strip, the rest behind "More". An edit or reading whose plan is still on its way gets its
// layout, without answers. Throws Refusal for an unknown action, for a draft that is not there, and for a
// form to edit where the role may not.
Panel standard_panel(const Session& session, const PanelRequest& request, const Now& now);

// Core questions that are asked of everybody: no condition, and not of the identity strip.
std::size_t quick_entry_questions(const plan::DataSet& data_set);

// One warning for each empty field that the data set wants asked once; they never block.
std::vector<plan::Issue> prompts(const plan::DataSet& data_set, const plan::Answers& answers, const Now& now);

// The first screen of a view as text and escaped HTML, with the person, the revision and its age.
Summary standard_summary(const PlanDocument& plan, const std::string& view, const Now& now);

// SNOMED CT entries of an active plan: that it exists, and the CPR decision, advance decision and attorney.
std::vector<Entry> coded_entries(const PlanDocument& plan);

}  // namespace careplug::plugin
