// A patient's suggestions: of their own plan, to the questions that the data set gives them; taken or
// declined by who may edit plans (hazard H17).
#include <careplug/controls/controls.h>
#include <careplug/plan/proposal.h>
#include <careplug/plan/withhold.h>

#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

constexpr std::size_t most_open = 50;

struct ProposedOn {
    plan::Plan plan;
    const plan::DataSet& data_set;
};

ProposedOn plan_of(const RuleScope& scope, const json& task) {
    const auto id = id_of_reference(task.at("focus"), "CarePlan");
    const auto care_plan = id.empty() ? nullptr : scope.resource("CarePlan", id);
    if (!care_plan) refuse_rule("The plan that the Task proposes to change is not on this server.");
    return understood([&]() -> ProposedOn {
        const auto& data_set = scope.data_set(plan::fhir::data_set_of(*care_plan));
        return {plan::fhir::read_plan(data_set, *care_plan), data_set};
    });
}

plan::Answers published_of(const RuleScope& scope, const ProposedOn& on) {
    const auto revision = scope.resource("QuestionnaireResponse", on.plan.revision_id);
    if (!revision) return {};
    return understood([&] { return plan::fhir::read_revision(on.data_set, *revision); });
}

void check_questions(const RuleScope& scope, const ProposedOn& on, const plan::Proposal& proposal) {
    if (proposal.questions.empty()) refuse_rule("A suggestion names the questions that it is about.");
    const auto published = published_of(scope, on);
    std::string unit;
    for (const auto& link_id : proposal.questions) {
        const auto* field = on.data_set.find(link_id);
        const bool given = field != nullptr && plan::may_propose_field(scope.actor, *field) &&
                           !plan::withheld_from_patient(on.data_set, link_id, published, scope.today);
        if (!given && control::on("H17.proposed-questions"))
            throw Problem(
                403, "forbidden",
                "This part of the plan takes no suggestion here: ask your care team to talk about it.");
        if (field != nullptr && !unit.empty() && unit != field->merge_unit)
            refuse_rule("A suggestion is about one part of the plan: write one Task for each.");
        if (field != nullptr) unit = field->merge_unit;
    }
    for (const auto& item : proposal.answers.items)
        if (std::find(proposal.questions.begin(), proposal.questions.end(), item.link_id) ==
            proposal.questions.end())
            refuse_rule("The answers of a suggestion are to the questions that it names.");
    const auto issues = plan::validate(on.data_set, proposal.answers, plan::Intent::save_draft, scope.today);
    if (plan::blocks(issues)) throw Problem(422, issues);
}

void check_not_too_many(const RuleScope& scope, const ProposedOn& on) {
    Search search;
    search.type = "Task";
    search.count = most_open + 2;
    Criterion of_plan;
    of_plan.parameter = "Task.focus";
    of_plan.selective = true;
    of_plan.values = {{std::nullopt, "CarePlan/" + on.plan.id}};
    Criterion open;
    open.parameter = "Task.status";
    open.values = {{std::nullopt, "requested"}};
    search.criteria = {of_plan, open};
    if (scope.transaction.search(search).size() > most_open)
        refuse_rule("Your care team has not decided on " + std::to_string(most_open) +
                    " of your suggestions yet: take some back, or wait for their answer.");
}

void check_new(const RuleScope& scope, const Written& write) {
    need(plan::may_edit_own(scope.actor), "Your role cannot suggest changes.",
         "A patient, or who acts for one, can; you can change the plan itself.");
    const auto on = plan_of(scope, write.after);
    const auto now = understood([&] { return plan::fhir::read_proposal(on.data_set, write.after); });
    if (on.plan.status != plan::PlanStatus::active)
        refuse_rule("The plan is " + plan::words(on.plan.status) + ", so nothing can be suggested in it.");
    if (now.nhs_number != on.plan.nhs_number || now.patient_reference != on.plan.patient_reference)
        refuse_rule("The Task is about another person than the plan.");
    if (now.status != plan::ProposalStatus::requested || !now.decided_by.empty() || !now.reason.empty() ||
        !now.revision_id.empty())
        refuse_rule("A suggestion begins as requested, and is decided by others.");
    if (!now.is_by(scope.actor) || now.author != scope.actor.words())
        refuse_rule("The requester of the Task must be the person who writes it: " + scope.actor.words() +
                    ".");
    check_questions(scope, on, now);
    check_not_too_many(scope, on);
}

void check_unchanged(const json& before, const json& after) {
    for (const char* name :
         {"contained", "intent", "code", "focus", "for", "authoredOn", "requester", "input"})
        if (before.value(name, json()) != after.value(name, json()))
            refuse_rule(std::string("What was suggested never changes (") + name + ").");
}

void check_decision(const RuleScope& scope, const Written& write) {
    const auto before = scope.bodies.of(*write.before);
    const auto on = plan_of(scope, write.after);
    const auto was = understood([&] { return plan::fhir::read_proposal(on.data_set, *before); });
    const auto now = understood([&] { return plan::fhir::read_proposal(on.data_set, write.after); });
    check_unchanged(*before, write.after);
    enforce(plan::may_decide(was, now.status, scope.actor));
    if (now.decided_by != scope.actor.words())
        refuse_rule("The owner of the Task must be the person who decides: " + scope.actor.words() + ".");
    if (now.status == plan::ProposalStatus::declined &&
        now.reason.find_first_not_of(" \t\r\n") == std::string::npos)
        refuse_rule("Declining a suggestion needs a reason, which the patient reads (statusReason).");
    if (now.status != plan::ProposalStatus::taken) return;
    if (now.revision_id != on.plan.revision_id || scope.written("CarePlan", on.plan.id) == nullptr)
        refuse_rule(
            "A suggestion is taken by the revision that is published in the same transaction (output).");
}

}  // namespace

void check_proposal(const RuleScope& scope, const Written& write) {
    if (write.before && !plan::fhir::is_proposal(*scope.bodies.of(*write.before)))
        refuse_rule("This Task is no suggestion.");
    if (!write.before)
        check_new(scope, write);
    else if (write.put.changed)
        check_decision(scope, write);
    else
        need(plan::may_edit(scope.actor) || plan::may_edit_own(scope.actor),
             "Your role cannot write a suggestion.", plan::who_may_edit());
}

// Whose word it is that somebody acts for a patient.
void check_related_person(const RuleScope& scope, const Written& write) {
    need(plan::may_approve(scope.actor) || scope.actor.role == "system",
         "Your role cannot record who acts for a patient.", plan::who_may_approve());
    if (!write.put.changed) return;
    if (elements_at(write.after, "identifier.value").empty())
        refuse_rule(
            "RelatedPerson.identifier must name the account that acts for the patient: the issuer of "
            "its sign-in and its subject.");
}

}  // namespace careplug::exchange
