#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

const json nothing;

const json& element(const json& resource, const char* name) {
    const auto found = resource.find(name);
    return found == resource.end() ? nothing : *found;
}

std::string plan_id_of(const json& response) {
    const auto& based_on = response.at("basedOn");
    auto id = based_on.size() == 1 ? id_of_reference(based_on.front(), "CarePlan") : std::string();
    if (id.empty()) refuse_rule("QuestionnaireResponse.basedOn must name one CarePlan on this server.");
    return id;
}

// A response is about the person of its plan (hazard H1).
void check_same_person(const RuleScope& scope, const json& response, const std::string& plan_id,
                       bool plan_must_exist) {
    const auto number = nhs_number_of(response.at("subject"));
    if (number.empty()) refuse_rule("QuestionnaireResponse.subject needs the NHS number as its identifier.");
    const auto care_plan = scope.resource("CarePlan", plan_id);
    if (!care_plan) {
        if (plan_must_exist) refuse_rule("The plan that this contact belongs to is not on this server.");
        return;
    }
    const auto& subject = care_plan->at("subject");
    if (nhs_number_of(subject) != number ||
        text_of(subject, "reference") != text_of(response.at("subject"), "reference"))
        refuse_rule("The response is about another person than its plan.");
}

void check_unchanged(const json& before, const json& after) {
    for (const char* name : {"item", "questionnaire", "subject", "basedOn", "identifier", "authored"})
        if (element(before, name) != element(after, name))
            refuse_rule(std::string("What was submitted or published never changes (") + name +
                        "): write a new revision instead.");
}

// Draft (in-progress), published (completed), withdrawn (stopped), entered in error.
void check_status(const RuleScope& scope, const Written& write) {
    const auto after = text_of(write.after, "status");
    if (!write.before) {
        if (after != "in-progress" && after != "completed")
            refuse_rule("A new response is in-progress or completed.");
        return;
    }
    const auto parsed = scope.bodies.of(*write.before);
    const auto& before_body = *parsed;
    const auto before = text_of(before_body, "status");
    if (before == "in-progress" && after == "in-progress") {
        need(write.before->author == author_key(scope.actor), "A draft is rewritten by its author alone.",
             "Start a draft of your own.");
    } else if (before == "in-progress" && (after == "completed" || after == "entered-in-error")) {
        return;
    } else if (after == before || after == "entered-in-error" ||
               (before == "in-progress" && after == "stopped")) {
        check_unchanged(before_body, write.after);
    } else {
        refuse_rule("A response that is " + before + " cannot become " + after + ".");
    }
}

void check_role(const RuleScope& scope, const Written& write, const std::string& status, bool is_contact) {
    const auto& actor = scope.actor;
    if (is_contact) {
        need(plan::may_note(actor), "Your role cannot add an urgent care contact.",
             "Clinicians of urgent and planned care can.");
    } else if (status == "completed" || (write.before && status == "entered-in-error")) {
        need(plan::may_approve(actor), "Your role cannot publish a revision.", plan::who_may_approve());
    } else {
        need(plan::may_edit(actor), "Your role cannot write a revision.", plan::who_may_edit());
    }
}

bool is_published_here(const RuleScope& scope, const std::string& plan_id, const std::string& revision_id) {
    const auto* care_plan = scope.written("CarePlan", plan_id);
    if (care_plan == nullptr) return false;
    for (const json* info : elements_at(care_plan->after, "supportingInfo"))
        if (id_of_reference(*info, "QuestionnaireResponse") == revision_id) return true;
    return false;
}

void check_answers(const RuleScope& scope, const plan::DataSet& data_set, const plan::Answers& answers,
                   plan::Intent intent) {
    const auto issues = plan::validate(data_set, answers, intent, scope.today);
    if (plan::blocks(issues)) throw Problem(422, issues);
}

}  // namespace

void check_publishing(const RuleScope& scope, const plan::DataSet& data_set, const std::string& plan_id,
                      const plan::Answers& answers) {
    check_answers(scope, data_set, answers, plan::Intent::publish);
    plan::Answers published;
    if (const auto before = scope.before("CarePlan", plan_id)) {
        const auto parsed = scope.bodies.of(*before);
        const auto& care_plan = *parsed;
        const auto& old_set = scope.data_set(plan::fhir::data_set_of(care_plan));
        const auto old_plan = plan::fhir::read_plan(old_set, care_plan);
        if (const auto revision = scope.before("QuestionnaireResponse", old_plan.revision_id))
            published = plan::fhir::read_revision(old_set, *scope.bodies.of(*revision));
    }
    const auto issues = plan::check_edit_rights(data_set, scope.actor, published, answers);
    if (plan::blocks(issues)) throw Problem(403, issues);
}

void check_questionnaire_response(const RuleScope& scope, const Written& write) {
    const auto& response = write.after;
    const auto& data_set = scope.data_set(text_of(response, "questionnaire"));
    const bool is_contact = DataSets::is_contact(data_set);
    const auto status = text_of(response, "status");
    check_role(scope, write, status, is_contact);
    if (!write.put.changed) return;
    const auto plan_id = plan_id_of(response);
    check_same_person(scope, response, plan_id, is_contact);
    check_status(scope, write);
    if (is_contact && status != "completed" && status != "entered-in-error")
        refuse_rule("An urgent care contact is completed when it is written.");
    const auto answers = understood([&] { return plan::fhir::read_revision(data_set, response); });
    if (status == "in-progress" || (is_contact && status == "completed"))
        check_answers(scope, data_set, answers,
                      is_contact ? plan::Intent::publish : plan::Intent::save_draft);
    else if (status == "completed" && !is_published_here(scope, plan_id, write.put.version.id))
        check_publishing(scope, data_set, plan_id, answers);
}

}  // namespace careplug::exchange
