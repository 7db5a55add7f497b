#include <careplug/controls/controls.h>

#include <algorithm>

#include "relationships.h"
#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

// Nobody but its author sees it, and it changes no plan.
bool is_draft(const json& response) {
    return understood([&] { return plan::fhir::revision_status_of(response); }) ==
           plan::RevisionStatus::draft;
}

bool is_draft_of_its_author(const Written& write) {
    return write.type->name == "QuestionnaireResponse" && is_draft(write.after) &&
           (!write.before || is_draft(json::parse(write.before->body)));
}

// Where it says whose it is; nothing for what is no part of a plan.
const char* subject_of(const std::string& type) {
    if (type == "Consent") return "patient";
    if (type == "Task") return "for";
    return type == "CarePlan" || type == "QuestionnaireResponse" || type == "Flag" ? "subject" : nullptr;
}

// The kind of plan that it belongs to says who may open it; what names no kind, any kind.
bool may_change(const RuleScope& scope, const Written& write, const std::string& patient) {
    Relationships relationships(scope.transaction, scope.actor);
    const auto& type = write.type->name;
    if (type == "CarePlan")
        return relationships.may_change(
            scope.data_set(understood([&] { return plan::fhir::data_set_of(write.after); })), patient);
    if (type == "QuestionnaireResponse")
        return relationships.may_change(scope.data_set(text_of(write.after, "questionnaire")), patient);
    const auto& all = scope.data_sets.all();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& each) { return relationships.may_change(each.second, patient); });
}

}  // namespace

void check_relationship(const RuleScope& scope, const Written& write) {
    // What persons may write of their own plan has rules of its own (hazard H17).
    if (plan::is_person(scope.actor)) return;
    const char* const subject = subject_of(write.type->name);
    if (!write.put.changed || subject == nullptr || is_draft_of_its_author(write)) return;
    const auto patient = id_of_reference(write.after.at(subject), "Patient");
    need(may_change(scope, write, patient) || !control::on("H9.relationship-to-write"),
         "You have not said why you open this person's record, or it was too long ago.",
         "Open the record again, with a reason that your role may have, then save.");
}

}  // namespace careplug::exchange
