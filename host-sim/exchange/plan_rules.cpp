#include <careplug/plan/nhs_number.h>

#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

struct Reading {
    const plan::DataSet& data_set;
    plan::Plan plan;
};

Reading read(const RuleScope& scope, const json& care_plan) {
    return understood([&]() -> Reading {
        const auto& data_set = scope.data_set(plan::fhir::data_set_of(care_plan));
        return {data_set, plan::fhir::read_plan(data_set, care_plan)};
    });
}

void check_identity(const json& care_plan, const Reading& now) {
    const auto& number = now.plan.nhs_number;
    if (!plan::parse_nhs_number(number).valid())
        refuse_rule("CarePlan.subject needs a valid NHS number as its identifier.");
    bool own_identifier = false;
    for (const json* identifier : elements_at(care_plan, "identifier"))
        own_identifier = own_identifier || text_of(*identifier, "value") == text_of(care_plan, "id");
    if (!own_identifier) refuse_rule("CarePlan.identifier must hold the plan's id.");
    if (now.data_set.plan_type.code.empty()) return;
    for (const json* coding : elements_at(care_plan, "category.coding"))
        if (text_of(*coding, "code") == now.data_set.plan_type.code) return;
    refuse_rule("CarePlan.category must be that of its Questionnaire.");
}

void check_transition(const Reading* was, const Reading& now) {
    if (was == nullptr) {
        if (!plan::plan_transition_allowed("none", plan::code(now.plan.status)))
            refuse_rule("A plan starts as active.");
        return;
    }
    const auto& before = *was;
    if (before.plan.nhs_number != now.plan.nhs_number ||
        before.plan.patient_reference != now.plan.patient_reference)
        refuse_rule("The subject of a plan never changes.");
    if (before.plan.status != now.plan.status &&
        !plan::plan_transition_allowed(plan::code(before.plan.status), plan::code(now.plan.status)))
        refuse_rule("A plan that is " + plan::code(before.plan.status) + " cannot become " +
                    plan::code(now.plan.status) + ".");
}

bool pointer_moved(const Reading* was, const Reading& now) {
    if (was == nullptr) {
        if (now.plan.revision != 1) refuse_rule("The plan-revision of a new plan is 1.");
        return true;
    }
    const auto& before = *was;
    const bool moved = before.plan.revision_id != now.plan.revision_id;
    const auto expected = before.plan.revision + (moved ? 1 : 0);
    if (now.plan.revision != expected)
        refuse_rule("The plan-revision must be " + std::to_string(expected) +
                    ": one more at each publish, else the same.");
    return moved;
}

plan::Answers check_revision(const RuleScope& scope, const json& care_plan, const Reading& now) {
    const auto found = scope.resource("QuestionnaireResponse", now.plan.revision_id);
    if (!found) refuse_rule("The revision that the plan points to is not on this server.");
    const auto& revision = *found;
    if (text_of(revision, "status") != "completed") refuse_rule("A plan points to a completed revision.");
    if (text_of(revision, "questionnaire") != now.data_set.canonical())
        refuse_rule("The revision answers another Questionnaire than the plan names.");
    const auto based_on = elements_at(revision, "basedOn");
    if (based_on.size() != 1 || id_of_reference(*based_on.front(), "CarePlan") != text_of(care_plan, "id"))
        refuse_rule("The revision belongs to another plan.");
    if (nhs_number_of(revision.at("subject")) != now.plan.nhs_number ||
        text_of(revision.at("subject"), "reference") != now.plan.patient_reference)
        refuse_rule("The revision is about another person than the plan.");
    auto answers = understood([&] { return plan::fhir::read_revision(now.data_set, revision); });
    if (plan::match_identity(answers, now.plan.nhs_number, "", "", "") ==
        plan::IdentityMatch::different_number)
        refuse_rule("The revision was written for another NHS number than the plan's subject.");
    return answers;
}

// Flags on boards come from the summary alone: it says what the revision says (hazards H3, H20).
void check_summary(const Reading& now, const plan::Answers& answers) {
    plan::Answers expected;
    expected = plan::fhir::summary_of(now.data_set, answers);
    for (const auto* field : now.data_set.fields())
        if (!plan::same(now.plan.summary, expected, field->link_id))
            throw Problem(422, "business-rule",
                          "The plan's summary differs from its revision at " + field->link_id +
                              ": write the summary anew from the revision.");
}

void check_words(const RuleScope& scope, const Reading& now) {
    const auto words = scope.actor.words();
    if (now.plan.approver != words || now.plan.author != words)
        refuse_rule("The plan's author and approver must be the person who publishes: " + words + ".");
}

void check_only_plan(const RuleScope& scope, const Reading& now, const std::string& id) {
    if (now.plan.status != plan::PlanStatus::active) return;
    Search search;
    search.type = "CarePlan";
    search.count = 100;
    Criterion person;
    person.parameter = "CarePlan.patient.identifier";
    person.selective = true;
    person.values = {{std::string(plan::nhs_number_system), now.plan.nhs_number}};
    Criterion category;
    category.parameter = "CarePlan.category";
    category.values = {{now.data_set.plan_type.system, now.data_set.plan_type.code}};
    Criterion active;
    active.parameter = "CarePlan.status";
    active.values = {{std::nullopt, "active"}};
    search.criteria = {person, category, active};
    for (const auto& other : scope.transaction.search(search))
        if (other.id != id)
            throw Problem(409, "conflict",
                          "This person has an active plan of this kind: read it and change that one.");
}

}  // namespace

void check_care_plan(const RuleScope& scope, const Written& write) {
    const auto now = read(scope, write.after);
    check_identity(write.after, now);
    check_only_plan(scope, now, write.put.version.id);
    std::optional<Reading> was;
    if (write.before) was.emplace(read(scope, *scope.bodies.of(*write.before)));
    check_transition(was ? &*was : nullptr, now);
    const bool moved = pointer_moved(was ? &*was : nullptr, now);
    const auto answers = check_revision(scope, write.after, now);
    check_summary(now, answers);
    if (!moved) return;
    check_publishing(scope, now.data_set, write.put.version.id, answers);
    check_words(scope, now);
}

}  // namespace careplug::exchange
