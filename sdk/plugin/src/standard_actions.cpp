#include <careplug/controls/controls.h>
#include <careplug/plugin/standard.h>
#include <algorithm>
#include <string_view>

namespace careplug::plugin {

std::vector<Action> standard_actions(const Session& session, const PolicyPatient& patient,
                                     const Labels& labels, const std::vector<std::string>& primary) {
    const bool plan = patient.knowledge == Knowledge::plan;
    const bool last_known = patient.knowledge == Knowledge::not_known && patient.revision > 0 &&
                            patient.last_knowledge == Knowledge::plan;
    const bool none =
        (patient.knowledge == Knowledge::no_plan && patient.fresh) || !control::on("H3.create-when-none");
    // While a change waits to be sent there is nothing certain to change again.
    const bool may_edit = session.may_edit && !patient.queued;
    // Nobody goes on with a plan that is suspended, closed or was entered in error.
    const bool may_continue =
        may_edit && patient.own_draft &&
        (plan || patient.knowledge == Knowledge::no_plan || patient.knowledge == Knowledge::not_known ||
         !control::on("H8.no-action-on-suspended"));

    std::vector<Action> actions;
    if (may_continue) actions.push_back({"continue", labels.resume, true});
    if (!may_continue && none && may_edit) actions.push_back({"create", labels.create, false});
    if (plan || last_known) actions.push_back({"read", labels.read, false});
    if (!may_continue && plan && (patient.fresh || !control::on("H2.last-known-not-edited")) && may_edit)
        actions.push_back({"edit", labels.edit, false});
    // A note changes nothing that somebody else wrote, so it can wait for the line.
    if ((plan || last_known) && session.may_note) actions.push_back({"note", labels.note, false});

    if (std::find(patient.may.begin(), patient.may.end(), "history") != patient.may.end())
        actions.push_back({"history", labels.history, false});

    if (std::find(patient.may.begin(), patient.may.end(), "accept") != patient.may.end())
        actions.push_back({"accept", labels.accept, false});

    const auto may = [&](std::string_view act) {
        return !patient.queued && std::find(patient.may.begin(), patient.may.end(), act) != patient.may.end();
    };
    // One that was entered in error is no plan of this person's: the right one may be written.
    if (may("create") && !may_continue) actions.push_back({"create", labels.create, false});
    if (may("approve") && !may_continue) actions.push_back({"approve", labels.approve, false});
    if (may("send-back")) actions.push_back({"send-back", labels.send_back, false});
    if (may("revise") && !may_continue) actions.push_back({"revise", labels.revise, false});
    if (may("withdraw")) actions.push_back({"withdraw", labels.withdraw, false});
    if (may("break-glass")) actions.push_back({"break-glass", labels.emergency, false});
    if (may("suspend")) actions.push_back({"suspend", labels.suspend, false});
    if (may("close")) actions.push_back({"close", labels.close, false});
    if (may("reopen")) actions.push_back({"reopen", labels.reopen, false});
    if (may("remove")) actions.push_back({"remove", labels.remove, false});

    if (!may_continue)
        for (const std::string& wanted : primary) {
            const auto found = std::find_if(actions.begin(), actions.end(),
                                            [&](const Action& action) { return action.id == wanted; });
            if (found == actions.end()) continue;
            found->primary = true;
            break;
        }
    return actions;
}

}  // namespace careplug::plugin
