// An organisation accepts what others changed in a plan: for itself alone, no further than the plan goes, and
// it takes nothing back.
#include <careplug/plan/proposal.h>

#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

// Notes of this plan: nobody has seen one that is not there.
void check_notes(const RuleScope& scope, const plan::fhir::Acceptance& now) {
    for (const auto& id : now.accepted.notes) {
        const auto note = scope.resource("QuestionnaireResponse", id);
        const bool of_plan = note && DataSets::is_contact(scope.data_set(text_of(*note, "questionnaire"))) &&
                             plan::fhir::read_contact_header(*note).plan_id == now.plan_id;
        if (!of_plan) refuse_rule("A note that is accepted is not a note of this plan: " + id + ".");
    }
}

}  // namespace

void check_acceptance(const RuleScope& scope, const Written& write) {
    need(plan::may_edit(scope.actor), "Your role cannot accept changes for your organisation.",
         plan::who_may_edit());
    if (!write.put.changed) return;
    if (write.before && plan::fhir::is_proposal(*scope.bodies.of(*write.before)))
        refuse_rule("This Task is a patient's suggestion and stays one.");
    const auto now = understood([&] { return plan::fhir::read_acceptance(write.after); });
    if (now.organisation != scope.actor.organisation)
        refuse_rule("The owner of the Task must be the organisation of the person who writes it.");
    if (write.put.version.id != plan::fhir::acceptance_id(now.plan_id, now.organisation))
        refuse_rule("There is one Task for each plan and organisation: its id is made from both.");
    const auto care_plan = scope.resource("CarePlan", now.plan_id);
    if (!care_plan) refuse_rule("The plan whose changes are accepted is not on this server.");
    const auto accepted = understood([&] {
        const auto& data_set = scope.data_set(plan::fhir::data_set_of(*care_plan));
        return plan::fhir::read_plan(data_set, *care_plan);
    });
    if (accepted.nhs_number != now.nhs_number || accepted.patient_reference != now.patient_reference)
        refuse_rule("The Task is about another person than the plan.");
    if (now.accepted.revision > accepted.revision)
        refuse_rule("The plan has no revision " + std::to_string(now.accepted.revision) + " yet.");
    if (now.accepted.version > scope.transaction.read("CarePlan", now.plan_id)->version)
        refuse_rule("The plan has no version " + std::to_string(now.accepted.version) + " yet.");
    check_notes(scope, now);
    if (!write.before) return;
    const auto before = plan::fhir::read_acceptance(*scope.bodies.of(*write.before));
    if (!now.accepted.holds(before.accepted)) refuse_rule("What was accepted stays accepted.");
}

}  // namespace careplug::exchange
