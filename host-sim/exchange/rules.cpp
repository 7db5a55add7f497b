#include "rules.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/proposal.h>

#include <algorithm>
#include <set>

#include "rule_context.h"
#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

// The subject names a Patient that is here and that has the number given with it (hazard H1).
void check_subject(const RuleScope& scope, const json& subject) {
    const auto id = id_of_reference(subject, "Patient");
    if (id.empty()) refuse_rule("The subject must be a reference to a Patient on this server.");
    const auto patient = scope.resource("Patient", id);
    if (!patient) refuse_rule("The subject names a Patient that is not on this server.");
    const auto number = nhs_number_of(subject);
    if (number.empty()) return;
    if (!nhs_numbers(*patient).contains(number) && control::on("H1.subject-is-patient"))
        refuse_rule("The subject's NHS number is not that of the Patient it refers to.");
}

// Of a person whom nobody has written of yet: no Patient is made for a draft, which others would see.
bool is_draft_of_somebody_new(const Written& write) {
    return write.type->name == "QuestionnaireResponse" && text_of(write.after, "status") == "in-progress" &&
           understood([&] { return plan::fhir::revision_status_of(write.after); }) ==
               plan::RevisionStatus::draft &&
           text_of(write.after.at("subject"), "reference").empty();
}

bool writes_plan(const RuleScope& scope) {
    return std::any_of(scope.writes.begin(), scope.writes.end(),
                       [](const Written& each) { return each.type->name == "CarePlan"; });
}

// The consent of a plan changes with the plan's own state, never beside it (hazard H8).
void check_consent(const RuleScope& scope, const Written& write) {
    const auto& id = write.put.version.id;
    if (control::on("H8.consent-with-plan") && write.put.changed && scope.resource("CarePlan", id) &&
        !scope.written("CarePlan", id))
        refuse_rule("The consent of a plan changes together with the plan: write both in one transaction.");
}

void check_write(const RuleScope& scope, const Written& write) {
    const auto& type = write.type->name;
    if (type == "CarePlan") {
        if (write.put.changed)
            check_care_plan(scope, write);
        else
            need(plan::may_approve(scope.actor), "Your role cannot publish a plan.", plan::who_may_approve());
    } else if (type == "Task") {
        plan::fhir::is_proposal(write.after) ? check_proposal(scope, write) : check_acceptance(scope, write);
    } else if (type == "RelatedPerson") {
        check_related_person(scope, write);
    } else if (type == "QuestionnaireResponse") {
        check_questionnaire_response(scope, write);
    } else {
        // Consent and Flags follow their plan, whose own rules say who may change it.
        if (type == "Patient" ? !says_who_is_who(scope, write) : !writes_plan(scope))
            need(plan::may_edit(scope.actor), "Your role cannot write a " + type + ".", plan::who_may_edit());
        if (type == "Consent") check_consent(scope, write);
        if (write.put.changed && type == "Patient") check_patient(scope, write);
    }
    if (!write.put.changed || type == "Patient" || is_draft_of_somebody_new(write)) return;
    check_subject(scope, write.after.at(type == "Consent" || type == "RelatedPerson" ? "patient"
                                        : type == "Task"                             ? "for"
                                                                                     : "subject"));
}

}  // namespace

std::string author_key(const plan::Actor& actor) {
    return actor.issuer + "|" + actor.subject;
}

void refuse_rule(const std::string& words) {
    throw Problem(422, "business-rule", words);
}

void enforce(const plan::Decision& decision) {
    if (decision) return;
    if (decision.refusal == plan::Decision::Refusal::role) throw Problem(403, "forbidden", decision.sentence);
    refuse_rule(decision.sentence);
}

void need(bool allowed, const std::string& words, const std::string& who_could) {
    if (!allowed) throw Problem(403, "forbidden", words + " " + who_could);
}

std::string nhs_number_of(const json& subject) {
    const auto identifier = subject.find("identifier");
    if (identifier == subject.end() || text_of(*identifier, "system") != plan::nhs_number_system) return {};
    return text_of(*identifier, "value");
}

std::string id_of_reference(const json& reference, const std::string& type) {
    const auto literal = text_of(reference, "reference");
    if (!literal.starts_with(type + "/")) return {};
    auto id = literal.substr(type.size() + 1);
    return is_resource_id(id) ? id : std::string();
}

const plan::DataSet& RuleScope::data_set(const std::string& canonical) const {
    if (const auto* found = data_sets.find(canonical)) return *found;
    refuse_rule(
        "The Questionnaire " + canonical.substr(0, 200) +
        " is not on this server: give one of those that a search of Questionnaire lists, with its version.");
}

const Written* RuleScope::written(const std::string& type, const std::string& id) const {
    const auto found = std::find_if(writes.begin(), writes.end(), [&](const Written& each) {
        return each.type->name == type && each.put.version.id == id;
    });
    return found == writes.end() ? nullptr : &*found;
}

std::shared_ptr<const json> RuleScope::resource(const std::string& type, const std::string& id) const {
    // Owned by the write, which outlives the rules.
    if (const auto* write = written(type, id)) return {std::shared_ptr<void>(), &write->after};
    const auto version = transaction.read(type, id);
    return version ? bodies.of(*version) : nullptr;
}

std::optional<Version> RuleScope::before(const std::string& type, const std::string& id) const {
    if (const auto* write = written(type, id)) return write->before;
    return transaction.read(type, id);
}

void Rules::check_reading(const plan::Actor& actor, const std::string& type) const {
    if (type == "Questionnaire") return;
    // Who looked at their own plan, a patient may know.
    if (type == "AuditEvent" && plan::may_edit_own(actor) && !actor.person.empty()) return;
    if (type == "AuditEvent" || type == "Communication")
        return need(plan::may_audit(actor), "Your role cannot read who looked at plans.",
                    "A privacy officer can.");
    need(plan::may_view(actor) || !control::on("H9.reading-by-role"), "Your role cannot read plans.",
         "Those who care for the person can; ask the privacy officer for access.");
}

void Rules::check(const plan::Actor& actor, const std::vector<Written>& writes, Transaction& transaction,
                  ParsedBodies& bodies) const {
    const RuleScope scope{actor, writes, transaction, bodies, data_sets_, day(transaction.now())};
    for (const auto& write : writes) {
        check_write(scope, write);
        check_relationship(scope, write);
    }
}

}  // namespace careplug::exchange
