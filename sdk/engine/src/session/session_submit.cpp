#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/answer_edits.h"
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

plan::Severity severity_of(const std::string& text) {
    if (text == "information") return plan::Severity::information;
    return text == "warning" ? plan::Severity::warning : plan::Severity::error;
}

std::vector<plan::Issue> read_outcome(const json& outcome) try {
    std::vector<plan::Issue> issues;
    for (const auto& issue : outcome.value("issue", json::array())) {
        plan::Issue one;
        one.severity = severity_of(issue.value("severity", std::string("error")));
        one.code = issue.value("code", std::string("business-rule"));
        if (issue.contains("details")) one.words = issue["details"].value("text", std::string());
        if (one.words.empty()) one.words = issue.value("diagnostics", std::string());
        for (const auto& expression : issue.value("expression", json::array()))
            if (one.link_id.empty()) one.link_id = expression.get<std::string>();
        // "All is well" is not an issue.
        if (one.code == "informational" && one.link_id.empty()) continue;
        issues.push_back(std::move(one));
    }
    return issues;
} catch (const json::exception&) {
    throw PluginFailure("The plugin answered its checks with something else than an OperationOutcome.");
}

std::string blocking_words(const std::vector<plan::Issue>& issues) {
    std::string words;
    int count = 0;
    for (const auto& issue : issues) {
        if (issue.severity != plan::Severity::error) continue;
        if (++count <= 3) words += (words.empty() ? "" : " ") + issue.words;
    }
    if (count > 3) words += " And " + std::to_string(count - 3) + " more.";
    return words;
}

std::string intent_name(std::int32_t intent) {
    if (const StateForm* form = state_form_of(intent)) return form->action;
    if (intent == CAREPLUG_INTENT_NOTE) return "note";
    return intent == CAREPLUG_INTENT_SUBMIT ? "submit" : "publish";
}

std::string member_text(const json& record, const char* name) {
    for (const auto& entry : record.value("entry", json::array())) {
        const json& resource = entry.value("resource", json::object());
        if (resource.value("resourceType", std::string()) != "Patient") continue;
        if (std::string(name) == "gender") return resource.value("gender", std::string());
        for (const auto& address : resource.value("address", json::array()))
            return address.value("text", std::string());
    }
    return {};
}

}  // namespace

std::vector<plan::Issue> Session::issues_of(Panel& one, std::int32_t intent) {
    if (one.mode == Panel::Mode::edit && plan::is_person(identity_->actor)) return own_issues(one);
    plan::Answers answers = one.answers;
    drop_disabled(*one.data_set, answers, today());
    const auto wanted = intent == CAREPLUG_INTENT_SUBMIT ? plan::Intent::submit : plan::Intent::publish;
    auto issues = plan::validate(*one.data_set, answers, wanted, today());
    if (one.mode == Panel::Mode::state)
        if (const plan::Value* since = answers.first(state_since))
            if (const auto* date = std::get_if<plan::Date>(since); date != nullptr && date->text > today())
                issues.push_back(
                    {plan::Severity::error, "invariant", state_since, "", "This date lies in the future."});
    if (one.mode != Panel::Mode::edit) return issues;
    const auto add = [&](std::vector<plan::Issue> more) {
        for (auto& issue : more)
            if (std::find(issues.begin(), issues.end(), issue) == issues.end())
                issues.push_back(std::move(issue));
    };
    add(plan::check_edit_rights(*one.data_set, identity_->actor, one.base, answers,
                                one.submitted ? &*one.submitted : nullptr));
    const OpenPatient& owner = patients_.at(one.patient);
    // A plan keeps the number that it was written for.
    const std::string& number = one.base_plan ? one.base_plan->nhs_number : owner.checked.digits;
    const auto match =
        plan::match_identity(answers, number, owner.checked.birth_date, owner.family, owner.given);
    if (match == plan::IdentityMatch::different_number || match == plan::IdentityMatch::different_birth_date)
        add({{plan::Severity::error, "invariant", "dem.nhs", "",
              "The NHS number or birth date in the plan is not that of the record open here."}});
    add(against_record(one, answers));
    const json response{{"resourceType", "QuestionnaireResponse"},
                        {"questionnaire", one.data_set->canonical()},
                        {"status", "in-progress"},
                        {"item", plan::fhir::write_items(*one.data_set, answers)}};
    try {
        add(read_outcome(policy_->check(response, now_ms())));
    } catch (const PluginFailure& failure) {
        without_policy(failure);
        if (!control::on("H16.unchecked-not-published")) return issues;
        // First, and an error: what nobody checked is not published, and the draft is kept.
        issues.insert(
            issues.begin(),
            {plan::Severity::error, "transient", "", "",
             "The checks of this system do not answer now, so the plan cannot be published from here "
             "yet. Your draft is kept: try again in a moment."});
    }
    return issues;
}

// What this record and plans of other kinds hold against the decision that is about to be published (hazard
// H6).
std::vector<plan::Issue> Session::against_record(const Panel& one, const plan::Answers& answers) {
    const Known& found = known(patients_.at(one.patient).checked.digits);
    std::vector<plan::CprSource> sources = found.record;
    for (const OtherPlan& other : found.answer.others)
        sources.push_back(plan::source_of(*other.data_set, other.plan));
    if (only_of_other_kinds(found.answer, hub_.catalogue()) && found.answer.plan)
        sources.push_back(plan::source_of(*found.answer.data_set, *found.answer.plan));
    sources.push_back({one.data_set, answers, "this plan", {}, {}});
    const auto conflict = plan::cpr_conflict(sources);
    if (conflict.empty()) return {};
    return {{plan::Severity::warning, "conflict", plan::cpr_field(*one.data_set), "",
             "CPR decisions conflict: " + plan::words_of(conflict) +
                 ". Both stay shown until one of them is corrected."}};
}

wire::Reply Session::panel_validate(Panel& one, std::int64_t intent) {
    require_signed_in();
    require_editable(one);
    if (intent < CAREPLUG_INTENT_SUBMIT || intent > CAREPLUG_INTENT_ENTERED_IN_ERROR)
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "This intent is not known: use one of the CAREPLUG_INTENT_ values.");
    one.issues = issues_of(one, static_cast<std::int32_t>(intent));
    wire::Reply reply;
    reply.result = plan::fhir::operation_outcome(one.issues).dump();
    const bool own = plan::may_edit_own(identity_->actor);
    if (intent == CAREPLUG_INTENT_PUBLISH && !plan::may_approve(identity_->actor) && !own) {
        reply.status = CAREPLUG_REFUSED_ROLE;
        reply.problem = plan::who_may_approve();
    } else if (plan::blocks(one.issues)) {
        reply.status = CAREPLUG_REFUSED_INVALID;
        reply.problem = blocking_words(one.issues);
    }
    return reply;
}

wire::Reply Session::panel_submit(Panel& one, std::int64_t given) {
    require_signed_in();
    if (one.action == "accept" && one.shows_history() && given == CAREPLUG_INTENT_SUBMIT &&
        one.operation == 0)
        return submit_acceptance(one);
    require_editable(one);
    const auto intent = static_cast<std::int32_t>(given);
    const auto& actor = identity_->actor;
    const OpenPatient& owner = patients_.at(one.patient);
    const bool note = one.mode == Panel::Mode::note;
    const bool state = one.mode == Panel::Mode::state;
    const StateForm* form = state ? state_form(one.action) : state_form_of(intent);
    const bool own = plan::may_edit_own(actor);
    const bool fits = note    ? intent == CAREPLUG_INTENT_NOTE
                      : state ? form != nullptr && form->intent == intent
                              : intent == CAREPLUG_INTENT_PUBLISH ||
                                    (intent == CAREPLUG_INTENT_SUBMIT && one.action != "approve" &&
                                     one.action != "take-over" && !own);
    if (given != intent || !fits)
        throw Problem(CAREPLUG_REFUSED_ARGUMENT, "This panel cannot be submitted with that intent.");
    refuse_identity(owner);
    const std::int32_t knowledge = knowledge_now(owner);
    const bool inactive = knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED ||
                          knowledge == CAREPLUG_KNOWLEDGE_CLOSED ||
                          (knowledge == CAREPLUG_KNOWLEDGE_REMOVED && (note || one.base_plan));
    if (inactive && one.mode != Panel::Mode::state && control::on("H13.nothing-added-here"))
        throw Problem(CAREPLUG_REFUSED,
                      "The plan is no longer active, so nothing can be added to it. Your draft is kept.");
    if (intent == CAREPLUG_INTENT_PUBLISH && !plan::may_approve(actor) && !own &&
        control::on("H7.approver-publishes"))
        throw Problem(CAREPLUG_REFUSED_ROLE, plan::who_may_approve());
    if (note && !plan::may_note(actor))
        throw Problem(CAREPLUG_REFUSED_ROLE, "Your role may not add an urgent care contact.");
    if (one.undecided() && control::on("H5.a-person-decides"))
        throw Problem(CAREPLUG_REFUSED_CONFLICT,
                      "Someone else published meanwhile: decide first which version of each part stands.");
    if (note && one.touched.empty()) throw Problem(CAREPLUG_REFUSED_INVALID, "Write the note first.");
    one.issues = issues_of(one, intent);
    if (plan::blocks(one.issues) && control::on("H5.checked-after-merge"))
        throw Problem(CAREPLUG_REFUSED_INVALID, blocking_words(one.issues));
    return queue(one, edited(one, owner, intent));
}

Change Session::edited(const Panel& one, const OpenPatient& owner, std::int32_t intent) {
    plan::Answers answers = one.answers;
    drop_disabled(*one.data_set, answers, today());
    Change change;
    change.id = random_uuid();
    change.intent = intent;
    change.digits = owner.checked.digits;
    change.data_set = one.data_set->canonical();
    if (one.base_plan)
        change.plan_id = one.base_plan->id;
    else if (one.submission)
        change.plan_id = one.submission->plan_id;
    else
        change.plan_id = one.state_plan.empty() ? random_uuid() : one.state_plan;
    change.revision_id = random_uuid();
    change.authored = iso_time(now_ms());
    change.subject = {one.base_plan    ? one.base_plan->nhs_number
                      : one.submission ? one.submission->nhs_number
                                       : owner.checked.digits,
                      owner.family,
                      owner.given,
                      owner.checked.birth_date,
                      "",
                      "",
                      one.base_plan    ? one.base_plan->patient_reference
                      : one.submission ? one.submission->patient_reference
                                       : ""};
    if (owner.record) {
        change.subject.gender = member_text(*owner.record, "gender");
        change.subject.address = member_text(*owner.record, "address");
    }
    change.base_care_plan = one.mode == Panel::Mode::edit ? one.base_care_plan : "";
    change.base_items = plan::fhir::write_items(*one.data_set, one.base).dump();
    change.items = plan::fhir::write_items(*one.data_set, answers).dump();
    change.draft = write_draft(one);
    if (one.submission) change.submission = one.submission->resource;
    change.taken = one.taken;
    change.proposal = one.proposal;
    if (one.mode == Panel::Mode::edit && plan::is_person(identity_->actor)) put_own_edit(one, change);
    return change;
}

wire::Reply Session::queue(Panel& one, Change change) {
    const std::int64_t now = now_ms();
    require_own_draft(one);
    take_basis(change, patients_.at(one.patient));
    audit_if_possible(plan::audit_kind::submit, {change.digits}, {"", "", intent_name(change.intent)});
    const std::string body = write_change(change);
    // In one step: a draft that stayed behind would offer the same edit twice, and a submission that is
    // refused here must not be sent after all.
    std::vector<std::pair<Place, Kept>> entries{
        {{Drawer::outbox, author_, change.digits, change.id}, {change.id, body, now}}};
    if (const auto filing = filing_of(change, patients_.at(one.patient), one))
        entries.push_back(
            {filing_place(change.digits, change.plan_id), {change.plan_id, write_filing(*filing), now}});
    if (!hub_.store().put_instead_over(entries, draft_place(one), draft_place(one), one.draft_kept))
        refuse_other_draft();
    drafts_of(one.mode)[change.digits] = {};
    one.not_shared = {};
    waiting_[change.id] = waiting_of(change, now, body);
    return begin_operation(one, change);
}

wire::Reply Session::begin_operation(Panel& one, const Change& change) {
    one.operation = next_id();
    operations_[change.id] = {one.operation, one.patient, one.id};
    wire::OperationState state;
    state.operation = one.operation;
    state.record.size = sizeof state.record;
    state.record.state = CAREPLUG_OPERATION_QUEUED;
    events_.push(wire::Frame::operation, wire::encode(state));
    publish_flags(false);
    hub_.send_soon();
    wire::Reply reply;
    reply.created = one.operation;
    return reply;
}

}  // namespace careplug::engine
