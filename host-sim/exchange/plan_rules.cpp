#include <careplug/controls/controls.h>
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

// Without what a change of status may write.
json apart_from_status(json care_plan) {
    care_plan.erase("status");
    care_plan.erase("meta");
    json kept = json::array();
    for (const auto& each : care_plan.value("extension", json::array())) {
        const auto url = text_of(each, "url");
        if (!url.starts_with("urn:x-local:careplug:status-") && url != "urn:x-local:careplug:consent")
            kept.push_back(each);
    }
    care_plan["extension"] = std::move(kept);
    return care_plan;
}

// Who wrote and who approved is said of a revision, and since when of a state: neither changes by itself.
void check_moved(const json& before, const json& after, const Reading& was, const Reading& now) {
    if (was.plan.revision_id != now.plan.revision_id || !control::on("H19.nothing-changes-unseen")) return;
    if (was.plan.status != now.plan.status) {
        if (apart_from_status(before) == apart_from_status(after)) return;
        refuse_rule(
            "With the same revision a plan changes its status alone: publish a revision to change more.");
    }
    json same = after;
    same["meta"] = before.value("meta", json());
    if (same != before)
        refuse_rule("A plan changes with a new revision or a new status: this one has neither.");
}

// The consent as this transaction leaves it.
void check_consent_given(const RuleScope& scope, const Reading& now, bool given) {
    if (now.data_set.find("con.status") == nullptr) return;
    const auto consent = scope.resource("Consent", now.plan.consent_id);
    if (!consent || (text_of(*consent, "status") == "active") != given)
        refuse_rule(given ? "Reopening a plan needs the consent given anew: write its Consent as active in "
                            "the same transaction."
                          : "Suspending a plan needs its Consent as inactive in the same transaction.");
}

void check_status_words(const RuleScope& scope, const Reading& now) {
    const bool is_active = now.plan.status == plan::PlanStatus::active;
    if (is_active && !now.plan.status_since.empty()) refuse_rule("An active plan has no status-since.");
    if (!is_active && now.plan.status_date.empty())
        refuse_rule("The plan must say when its status changed (status-date).");
    if (now.plan.status_by != scope.actor.words() && !(is_active && now.plan.status_by.empty()))
        refuse_rule("The plan's status-by must be the person who changes it: " + scope.actor.words() + ".");
    if (!now.plan.status_organisation.empty() && now.plan.status_organisation != scope.actor.organisation)
        refuse_rule("The plan's status-organisation must be that of the person who changes it.");
    if (now.plan.status != plan::PlanStatus::completed) return;
    if (now.plan.status_since.empty() && control::on("H13.date-of-death"))
        refuse_rule("Closing a plan needs the date of death (status-since).");
    if (now.plan.status_since > scope.today)
        refuse_rule("The date of death (status-since) lies in the future.");
}

void check_status_change(const RuleScope& scope, const Reading* was, const Reading& now) {
    const auto from = was != nullptr ? std::optional(was->plan.status) : std::nullopt;
    if (from == now.plan.status) return;
    const auto act = plan::act_between(from, now.plan.status);
    if (!act)
        refuse_rule(from ? "A plan that is " + plan::words(from) + " cannot become " +
                               plan::words(now.plan.status) + "."
                         : "A plan starts as active.");
    enforce(plan::may(*act, scope.actor, from));
    check_status_words(scope, now);
    if (*act == plan::PlanAct::suspend) check_consent_given(scope, now, false);
    if (*act == plan::PlanAct::reopen) check_consent_given(scope, now, true);
}

void check_transition(const RuleScope& scope, const Written& write, const Reading* was, const Reading& now) {
    if (was != nullptr && control::on("H1.plan-keeps-subject") &&
        (was->plan.nhs_number != now.plan.nhs_number ||
         was->plan.patient_reference != now.plan.patient_reference))
        refuse_rule("The subject of a plan never changes.");
    check_status_change(scope, was, now);
    const bool status_alone =
        was != nullptr && was->plan.status != now.plan.status &&
        apart_from_status(*scope.bodies.of(*write.before)) == apart_from_status(write.after);
    const bool own_edit = plan::may_edit_own(scope.actor) && was != nullptr &&
                          was->plan.status == now.plan.status &&
                          was->plan.revision_id != now.plan.revision_id;
    if (!status_alone && !own_edit)
        need(plan::may_approve(scope.actor), "Your role cannot publish a plan.", plan::who_may_approve());
    if (was != nullptr) check_moved(*scope.bodies.of(*write.before), write.after, *was, now);
    if (was != nullptr && was->plan.revision_id != now.plan.revision_id &&
        now.plan.status != plan::PlanStatus::active && control::on("H13.closed-takes-nothing"))
        refuse_rule("A plan that is " + plan::words(now.plan.status) +
                    " takes no new revision: reopen it first.");
}

bool pointer_moved(const Reading* was, const Reading& now) {
    if (was == nullptr) {
        if (now.plan.revision != 1) refuse_rule("The plan-revision of a new plan is 1.");
        return true;
    }
    const auto& before = *was;
    const bool moved = before.plan.revision_id != now.plan.revision_id;
    const auto expected = before.plan.revision + (moved ? 1 : 0);
    if (now.plan.revision != expected && control::on("H19.one-more-each-time"))
        refuse_rule("The plan-revision must be " + std::to_string(expected) +
                    ": one more at each publish, else the same.");
    return moved;
}

plan::Answers check_revision(const RuleScope& scope, const json& care_plan, const Reading& now) {
    const auto found = scope.resource("QuestionnaireResponse", now.plan.revision_id);
    if (!found) refuse_rule("The revision that the plan points to is not on this server.");
    const auto& revision = *found;
    const auto status = understood([&] { return plan::fhir::revision_status_of(revision); });
    const bool in_error = status == plan::RevisionStatus::entered_in_error &&
                          now.plan.status == plan::PlanStatus::entered_in_error;
    if (status != plan::RevisionStatus::published && !in_error && control::on("H7.points-to-published"))
        refuse_rule("A plan points to a published revision, not to one that is " + plan::code(status) + ".");
    if (text_of(revision, "questionnaire") != now.data_set.canonical())
        refuse_rule("The revision answers another Questionnaire than the plan names.");
    const auto based_on = elements_at(revision, "basedOn");
    if (based_on.size() != 1 || id_of_reference(*based_on.front(), "CarePlan") != text_of(care_plan, "id"))
        refuse_rule("The revision belongs to another plan.");
    if (!control::on("H1.revision-of-this-person"))
        return understood([&] { return plan::fhir::read_revision(now.data_set, revision); });
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
    if (!control::on("H3.summary-agrees")) return;
    plan::Answers expected;
    expected = plan::fhir::summary_of(now.data_set, answers);
    for (const auto* field : now.data_set.fields())
        if (!plan::same(now.plan.summary, expected, field->link_id))
            throw Problem(422, "business-rule",
                          "The plan's summary differs from its revision at " + field->link_id +
                              ": write the summary anew from the revision.");
}

// Who recorded the revision, and who approved it: two people where it completes a submission.
void check_words(const RuleScope& scope, const Reading* was, const Reading& now) {
    const auto words = scope.actor.words();
    // Left behind it would say of the last change that another made it.
    const bool is_active = now.plan.status == plan::PlanStatus::active;
    if (is_active && (!now.plan.status_date.empty() || !now.plan.status_by.empty() ||
                      !now.plan.status_organisation.empty() || !now.plan.status_since.empty()))
        refuse_rule(
            "A new revision says nothing of a change of state (status-date, status-since, status-by, "
            "status-organisation).");
    // A person's own edit approves nothing: who approved what clinicians wrote stays.
    const bool own_edit = was != nullptr && plan::may_edit_own(scope.actor);
    if (own_edit && control::on("H17.keeps-approver") &&
        (now.plan.approver != was->plan.approver || now.plan.approver_role != was->plan.approver_role))
        refuse_rule("A patient's own edit keeps the plan's approver: " + was->plan.approver + ".");
    if (!own_edit && now.plan.approver != words)
        refuse_rule("The plan's approver must be the person who publishes: " + words + ".");
    if (!now.plan.organisation.empty() && now.plan.organisation != scope.actor.organisation)
        refuse_rule("The plan's organisation must be that of the person who publishes.");
    const auto revision = scope.resource("QuestionnaireResponse", now.plan.revision_id);
    const auto recorder = text_of(revision->value("author", json::object()), "display");
    if (now.plan.author != recorder)
        refuse_rule("The plan's author must be that of its revision: " + recorder + ".");
}

void check_only_plan(const RuleScope& scope, const Reading& now, const json& care_plan) {
    if (now.plan.status != plan::PlanStatus::active) return;
    Search search;
    search.type = "CarePlan";
    search.count = 100;
    Criterion person;
    person.parameter = "CarePlan.patient.identifier";
    person.selective = true;
    person.values = {{std::string(plan::nhs_number_system), now.plan.nhs_number}};
    const auto patient = scope.resource("Patient", id_of_reference(care_plan.at("subject"), "Patient"));
    if (patient)
        for (const auto& number : other_numbers(scope, *patient))
            person.values.push_back({std::string(plan::nhs_number_system), number});
    Criterion category;
    category.parameter = "CarePlan.category";
    category.values = {{now.data_set.plan_type.system, now.data_set.plan_type.code}};
    Criterion active;
    active.parameter = "CarePlan.status";
    active.values = {{std::nullopt, "active"}};
    search.criteria = {person, category, active};
    for (const auto& other : scope.transaction.search(search))
        if (other.id != text_of(care_plan, "id") && control::on("H6.one-active-plan"))
            throw Problem(409, "conflict",
                          "This person has an active plan of this kind: read it and change that one.");
}

}  // namespace

void check_care_plan(const RuleScope& scope, const Written& write) {
    const auto now = read(scope, write.after);
    check_identity(write.after, now);
    const auto patient = scope.resource("Patient", id_of_reference(write.after.at("subject"), "Patient"));
    if (!write.before && patient && is_superseded(*patient))
        refuse_rule("The NHS number of this person was superseded: write the plan under the number of now.");
    check_only_plan(scope, now, write.after);
    std::optional<Reading> was;
    if (write.before) was.emplace(read(scope, *scope.bodies.of(*write.before)));
    check_transition(scope, write, was ? &*was : nullptr, now);
    const bool moved = pointer_moved(was ? &*was : nullptr, now);
    const auto answers = check_revision(scope, write.after, now);
    check_summary(now, answers);
    if (!moved) return;
    check_words(scope, was ? &*was : nullptr, now);
    // A revision of this transaction was judged by its own rules.
    if (scope.written("QuestionnaireResponse", now.plan.revision_id) == nullptr)
        check_publishing(scope, now.data_set, write.put.version.id, answers);
}

}  // namespace careplug::exchange
