#include "editing/state_form.h"

#include <careplug/base.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::engine {
namespace {

using nlohmann::json;
using plan::PlanAct;
using plan::RevisionAct;

struct Question {
    const char* link_id;
    const char* text;
    const char* type;
    bool required;
};

plan::DataSet form_of(const std::string& action, const std::string& title,
                      const std::vector<Question>& questions) {
    json items = json::array();
    for (const Question& each : questions)
        items.push_back({{"linkId", each.link_id},
                         {"text", each.text},
                         {"type", each.type},
                         {"required", each.required}});
    const json questionnaire{
        {"resourceType", "Questionnaire"},
        {"url", "urn:x-local:careplug:Questionnaire:state-" + action},
        {"version", "1.0.0"},
        {"title", title},
        {"status", "active"},
        {"item",
         json::array(
             {{{"linkId", "state"}, {"text", title}, {"type", "group"}, {"item", std::move(items)}}})}};
    return plan::read_data_set(questionnaire.dump());
}

StateForm made(const char* action, std::int32_t intent, const char* title, const char* words,
               std::optional<PlanAct> act, RevisionAct revision_act, const std::vector<Question>& questions) {
    return {action, intent, title, words, act, revision_act, form_of(action, title, questions)};
}

}  // namespace

std::vector<std::string> StateForm::link_ids() const {
    std::vector<std::string> ids;
    for (const plan::Field* field : form.fields()) ids.push_back(field->link_id);
    return ids;
}

const std::vector<StateForm>& state_forms() {
    constexpr auto none = std::nullopt;
    constexpr auto no_act = RevisionAct::withdraw;
    static const std::vector<StateForm> forms{
        made("suspend", CAREPLUG_INTENT_SUSPEND, "Consent withdrawn",
             "Everyone will read that a plan exists and is not shared. Nobody can read it until it is "
             "reopened.",
             PlanAct::suspend, no_act, {{state_since, "Date on which consent was withdrawn", "date", true}}),
        made("close", CAREPLUG_INTENT_CLOSE, "Close the plan: the person died",
             "Everyone will read that the person died and that the plan is closed.", PlanAct::close, no_act,
             {{state_since, "Date of death", "date", true}}),
        made(
            "reopen", CAREPLUG_INTENT_REOPEN, "Reopen the plan",
            "The plan becomes active again, as it was published last. Its person must consent to sharing it.",
            PlanAct::reopen, no_act,
            {{state_since, "Date on which the person consented to sharing", "date", true},
             {state_reason, "Reason", "text", false}}),
        made("remove", CAREPLUG_INTENT_ENTERED_IN_ERROR, "Plan entered in error",
             "Use this where the plan is about another person or should never have been. Everyone who had "
             "seen it will read that it was withdrawn. It cannot be undone.",
             PlanAct::enter_in_error, no_act, {{state_reason, "Reason", "text", true}}),
        made("send-back", CAREPLUG_INTENT_SEND_BACK, "Send the change back to its author",
             "Its author can change it and submit it again.", none, RevisionAct::send_back,
             {{state_reason, "What should its author change?", "text", true}}),
        made("withdraw", CAREPLUG_INTENT_WITHDRAW, "Withdraw the submitted change",
             "Nobody will be asked to approve it any more. The published plan stays as it is.", none,
             RevisionAct::withdraw, {{state_reason, "Reason", "text", false}})};
    return forms;
}

const StateForm& decline_form() {
    static const StateForm form =
        made("decline", CAREPLUG_INTENT_SEND_BACK, "Decline the patient's suggestion",
             "The plan stays as it is. The patient reads your reason.", std::nullopt, RevisionAct::send_back,
             {{state_reason, "Reason, in words for the patient", "text", true}});
    return form;
}

const StateForm& take_back_form() {
    static const StateForm form =
        made("take-back", CAREPLUG_INTENT_WITHDRAW, "Take back your suggestion",
             "Your care team will not be asked about it any more. Your plan stays as it is.", std::nullopt,
             RevisionAct::withdraw, {{state_reason, "Reason", "text", false}});
    return form;
}

const StateForm* state_form(std::string_view action) {
    for (const StateForm* form : {&decline_form(), &take_back_form()})
        if (form->action == action) return form;
    const auto& forms = state_forms();
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&](const StateForm& each) { return each.action == action; });
    return found == forms.end() ? nullptr : &*found;
}

const StateForm* state_form_of(std::int32_t intent) {
    const auto& forms = state_forms();
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&](const StateForm& each) { return each.intent == intent; });
    return found == forms.end() ? nullptr : &*found;
}

}  // namespace careplug::engine
