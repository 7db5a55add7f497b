#include "rule_context.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/own_plan.h>
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
    if (control::on("H1.response-of-this-person") &&
        (nhs_number_of(subject) != number ||
         text_of(subject, "reference") != text_of(response.at("subject"), "reference")))
        refuse_rule("The response is about another person than its plan.");
}

void check_unchanged(const json& before, const json& after) {
    for (const char* name :
         {"item", "questionnaire", "subject", "basedOn", "identifier", "authored", "author"})
        if (element(before, name) != element(after, name))
            refuse_rule(std::string("What was submitted or published never changes (") + name +
                        "): write a new revision instead.");
}

plan::RevisionStatus status_of(const json& response) {
    return understood([&] { return plan::fhir::revision_status_of(response); });
}

// The person whom a revision names as its author, as kept since its first version; for one that names
// nobody, who wrote it last.
bool is_author(const RuleScope& scope, const Version& version, const json& response) {
    if (!control::on("H7.draft-is-its-authors")) return true;
    const auto named = understood([&] { return plan::fhir::read_submission(response); });
    return named.author_key == "|" ? version.author == author_key(scope.actor) : named.is_by(scope.actor);
}

// Whether the plan, as this transaction leaves it, points to this revision.
bool is_published_here(const RuleScope& scope, const std::string& plan_id, const std::string& revision_id) {
    const auto care_plan = scope.resource("CarePlan", plan_id);
    if (!care_plan) return false;
    for (const json* info : elements_at(*care_plan, "supportingInfo"))
        if (id_of_reference(*info, "QuestionnaireResponse") == revision_id) return true;
    return false;
}

void check_answers(const RuleScope& scope, const plan::DataSet& data_set, const plan::Answers& answers,
                   plan::Intent intent) {
    const auto issues = plan::validate(data_set, answers, intent, scope.today);
    if (plan::blocks(issues) && control::on("H7.fit-to-publish")) throw Problem(422, issues);
}

// The answers that were published before this transaction.
plan::Answers published_before(const RuleScope& scope, const std::string& plan_id) {
    const auto before = scope.before("CarePlan", plan_id);
    if (!before) return {};
    const auto parsed = scope.bodies.of(*before);
    const auto& old_set = scope.data_set(plan::fhir::data_set_of(*parsed));
    const auto old_plan = plan::fhir::read_plan(old_set, *parsed);
    const auto revision = scope.before("QuestionnaireResponse", old_plan.revision_id);
    return revision ? plan::fhir::read_revision(old_set, *scope.bodies.of(*revision)) : plan::Answers();
}

void check_rights(const RuleScope& scope, const plan::DataSet& data_set, const std::string& plan_id,
                  const plan::Answers& answers, const plan::Answers* submitted) {
    const auto issues =
        plan::check_edit_rights(data_set, scope.actor, published_before(scope, plan_id), answers, submitted);
    if (plan::blocks(issues)) throw Problem(403, issues);
}

// In a draft of a person whom nobody has written of yet there is no reference.
bool is_same_subject(const json& submitted, const json& completing) {
    return submitted == completing ||
           (text_of(submitted, "reference").empty() && nhs_number_of(submitted) == nhs_number_of(completing));
}

// What was submitted and is completed by this revision; its recorder stays, the endorser is who publishes.
std::shared_ptr<const json> submission_of(const RuleScope& scope, const json& response) {
    const auto id = plan::fhir::completed_by(response);
    if (id.empty()) {
        const auto named = understood([&] { return plan::fhir::read_submission(response); });
        if (named.author != scope.actor.words() || (named.author_key != "|" && !named.is_by(scope.actor)))
            refuse_rule("The author of a revision must be the person who writes it: " + scope.actor.words() +
                        ".");
        return nullptr;
    }
    auto submission = scope.resource("QuestionnaireResponse", id);
    if (!submission || status_of(*submission) != plan::RevisionStatus::approved)
        refuse_rule("What a revision completes must be a submission that is approved with it.");
    for (const char* name : {"author", "questionnaire", "subject"})
        if (std::string(name) == "subject"
                ? !is_same_subject(element(*submission, name), element(response, name))
                : element(*submission, name) != element(response, name))
            refuse_rule(std::string("A revision keeps the ") + name +
                        " of the submission that it completes.");
    return submission;
}

// Only its author's organisation, as the token names it, is told that a draft waits.
void check_inbox(const RuleScope& scope, const json& response, plan::RevisionStatus to) {
    const auto inbox = plan::fhir::inbox_of(response);
    if (inbox.empty() || to != plan::RevisionStatus::draft || inbox == scope.actor.organisation) return;
    refuse_rule("A draft waits in the inbox of its author's own organisation, and in no other.");
}

// What a colleague takes over is published in the same transaction, as it was written.
void check_taken_over(const RuleScope& scope, const Written& write) {
    check_unchanged(*scope.bodies.of(*write.before), write.after);
    for (const auto& each : scope.writes)
        if (each.type->name == "QuestionnaireResponse" &&
            plan::fhir::completed_by(each.after) == write.put.version.id)
            return;
    refuse_rule("A colleague's draft is approved by publishing a revision that completes it.");
}

void check_frozen(const RuleScope& scope, const Written& write, plan::RevisionStatus from) {
    if (from == plan::RevisionStatus::draft || !control::on("H7.frozen")) return;
    check_unchanged(*scope.bodies.of(*write.before), write.after);
}

// Draft, submitted, approved, published, withdrawn, entered in error: by the table of the clinical core.
void check_revision_state(const RuleScope& scope, const Written& write, const plan::DataSet& data_set,
                          const std::string& plan_id) {
    const auto& response = write.after;
    auto from = plan::RevisionStatus::draft;
    bool author = true;
    bool in_inbox = false;
    if (write.before) {
        const auto before = scope.bodies.of(*write.before);
        from = status_of(*before);
        author = is_author(scope, *write.before, *before);
        in_inbox = plan::fhir::is_in_inbox_of(scope.actor, *before);
    }
    const auto to = status_of(response);
    check_frozen(scope, write, from);
    check_inbox(scope, response, to);
    if (from == to && from != plan::RevisionStatus::draft) return;
    const auto act = plan::act_between(from, to);
    if (!act)
        refuse_rule("A revision that is " + plan::code(from) + " cannot become " + plan::code(to) + ".");
    enforce(plan::may(*act, scope.actor, from, author, in_inbox));
    if (*act == plan::RevisionAct::approve && from == plan::RevisionStatus::draft)
        return check_taken_over(scope, write);
    const bool published = *act == plan::RevisionAct::publish;
    if (published && !is_published_here(scope, plan_id, write.put.version.id))
        refuse_rule("A revision is published when its plan points to it, in one transaction.");
    if (*act == plan::RevisionAct::enter_in_error &&
        is_published_here(scope, plan_id, write.put.version.id)) {
        const auto care_plan = scope.resource("CarePlan", plan_id);
        if (care_plan && text_of(*care_plan, "status") != "entered-in-error")
            refuse_rule("The plan points to this revision: enter the plan in error with it.");
    }
    const auto answers = understood([&] { return plan::fhir::read_revision(data_set, response); });
    if (from == plan::RevisionStatus::draft) {
        const auto submission = submission_of(scope, response);
        std::optional<plan::Answers> submitted;
        if (submission)
            submitted = understood([&] { return plan::fhir::read_revision(data_set, *submission); });
        check_answers(scope, data_set, answers, plan::Intent::save_draft);
        if (published)
            check_publishing(scope, data_set, plan_id, answers, submitted ? &*submitted : nullptr);
        else if (to == plan::RevisionStatus::submitted)
            check_rights(scope, data_set, plan_id, answers, nullptr);
    } else if (published) {
        check_publishing(scope, data_set, plan_id, answers, &answers);
    }
}

void check_contact_state(const RuleScope& scope, const Written& write, const plan::DataSet& data_set) {
    const auto status = text_of(write.after, "status");
    if (status != "completed" && (!write.before || status != "entered-in-error"))
        refuse_rule("An urgent care contact is completed when it is written.");
    const auto contact = understood([&] { return plan::fhir::read_contact_header(write.after); });
    if (write.before) {
        const auto before = scope.bodies.of(*write.before);
        check_unchanged(*before, write.after);
        if (plan::fhir::read_contact_header(*before).organisation != contact.organisation)
            refuse_rule("An urgent care contact keeps the organisation of its author.");
    } else {
        if (!contact.author.empty() && contact.author != scope.actor.words())
            refuse_rule("The author of a contact must be the person who writes it: " + scope.actor.words() +
                        ".");
        if (!contact.organisation.empty() && contact.organisation != scope.actor.organisation)
            refuse_rule("The organisation of a contact must be that of the person who writes it.");
    }
    const auto answers = understood([&] { return plan::fhir::read_revision(data_set, write.after); });
    if (status == "completed") check_answers(scope, data_set, answers, plan::Intent::publish);
}

}  // namespace

void check_publishing(const RuleScope& scope, const plan::DataSet& data_set, const std::string& plan_id,
                      const plan::Answers& answers, const plan::Answers* submitted) {
    if (plan::may_edit_own(scope.actor)) {
        const auto wrong =
            plan::newly_wrong(data_set, published_before(scope, plan_id), answers, scope.today);
        if (plan::blocks(wrong)) throw Problem(422, wrong);
    } else {
        check_answers(scope, data_set, answers, plan::Intent::publish);
    }
    check_rights(scope, data_set, plan_id, answers, submitted);
}

void check_questionnaire_response(const RuleScope& scope, const Written& write) {
    const auto& response = write.after;
    const auto& data_set = scope.data_set(text_of(response, "questionnaire"));
    const bool is_contact = DataSets::is_contact(data_set);
    const auto& actor = scope.actor;
    if (is_contact)
        need(plan::may_note(actor), "Your role cannot add an urgent care contact.",
             "Clinicians of urgent and planned care can.");
    else
        need(plan::may_edit(actor) || plan::may_edit_own(actor), "Your role cannot write a revision.",
             plan::who_may_edit());
    if (!write.put.changed) return;
    const auto plan_id = plan_id_of(response);
    check_same_person(scope, response, plan_id, is_contact);
    if (is_contact)
        check_contact_state(scope, write, data_set);
    else
        check_revision_state(scope, write, data_set, plan_id);
}

}  // namespace careplug::exchange
