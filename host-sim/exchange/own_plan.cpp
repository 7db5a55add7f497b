#include "own_plan.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/access.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/proposal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "problem.h"
#include "resource_types.h"
#include "rule_context.h"
#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

Criterion by(const std::string& parameter, std::vector<WantedValue> values) {
    Criterion criterion;
    criterion.parameter = parameter;
    criterion.selective = true;
    criterion.values = std::move(values);
    return criterion;
}

std::vector<Version> all(View& view, const std::string& type, Criterion criterion) {
    constexpr std::size_t most = 100;
    Search search;
    search.type = type;
    search.count = most;
    search.criteria.push_back(std::move(criterion));
    return view.search(search);
}

bool holds_today(const json& period) {
    const auto start = text_of(period, "start").substr(0, 10);
    const auto end = text_of(period, "end").substr(0, 10);
    return (start.empty() || start <= today()) && (end.empty() || end >= today());
}

// Kinds that say who looked at what a plan says.
bool is_a_look(const std::string& kind) {
    namespace of = plan::audit_kind;
    return kind == of::open || kind == of::read || kind == of::reveal || kind == of::break_glass;
}

}  // namespace

bool OwnPlan::has_authority(const std::string& patient) {
    if (actor_.role == "patient" || !control::on("H17.authority-recorded")) return true;
    const WantedValue account{"urn:x-local:careplug:issuer:" + actor_.issuer, actor_.subject};
    for (const auto& version : all(view_, "RelatedPerson", by("RelatedPerson.identifier", {account}))) {
        const auto related = json::parse(version.body);
        const auto active = related.find("active");
        if (active == related.end() || *active != true) continue;
        if (text_of(related.value("patient", json::object()), "reference") != patient) continue;
        if (holds_today(related.value("period", json::object()))) return true;
    }
    return false;
}

const std::set<std::string>& OwnPlan::patients() {
    if (patients_) return *patients_;
    patients_.emplace();
    if (actor_.person.empty()) return *patients_;
    const WantedValue number{std::string(plan::nhs_number_system), actor_.person};
    const auto found = all(view_, "Patient", by("Patient.identifier", {number}));
    // Two Patients for a number, or one that another replaced: whose plan it is is not guessed.
    if (found.size() != 1) return *patients_;
    const auto patient = json::parse(found.front().body);
    if (is_superseded(patient) || !has_authority(found.front().reference())) return *patients_;
    without_whereabouts_ = hides_whereabouts(patient);
    patients_->insert(found.front().reference());
    for (const json* link : elements_at(patient, "link"))
        if (text_of(*link, "type") == "replaces")
            patients_->insert(text_of(link->value("other", json::object()), "reference"));
    return *patients_;
}

bool OwnPlan::is_about(const Version& version) {
    if (version.type == "Patient") return patients().contains(version.reference());
    const auto resource = json::parse(version.body);
    for (const char* name : {"subject", "patient", "for"})
        if (const auto found = resource.find(name); found != resource.end())
            return patients().contains(text_of(*found, "reference"));
    return false;
}

const OwnPlan::Published& OwnPlan::published(const std::string& plan_id) {
    if (const auto known = published_.find(plan_id); known != published_.end()) return known->second;
    Published& made = published_[plan_id];
    const auto version = view_.read("CarePlan", plan_id);
    if (!version) return made;
    try {
        const auto care_plan = json::parse(version->body);
        const auto* data_set = data_sets_.find(plan::fhir::data_set_of(care_plan));
        if (data_set == nullptr) return made;
        const auto header = plan::fhir::read_plan(*data_set, care_plan);
        const auto revision = view_.read("QuestionnaireResponse", header.revision_id);
        if (!revision) return made;
        made.answers = plan::fhir::read_revision(*data_set, json::parse(revision->body));
        made.data_set = data_set;
        made.active = header.status == plan::PlanStatus::active;
    } catch (const std::invalid_argument&) {
        // What cannot be read is not shown.
    }
    return made;
}

// Who acts for a restricted person does not learn from here where they live.
bool OwnPlan::hides_whereabouts(const json& patient) const {
    if (actor_.role == "patient") return false;
    const auto labels = elements_at(patient, "meta.security");
    return std::any_of(labels.begin(), labels.end(),
                       [](const json* label) { return text_of(*label, "code") == "R"; });
}

std::optional<Version> OwnPlan::of_patient(Version version) const {
    auto patient = json::parse(version.body);
    if (!hides_whereabouts(patient)) return version;
    for (const char* name : {"address", "telecom", "contact"}) patient.erase(name);
    version.body = patient.dump();
    return version;
}

std::optional<Version> OwnPlan::of_care_plan(Version version) {
    const auto care_plan = json::parse(version.body);
    const Published& now = published(version.id);
    const auto hidden = [&] {
        auto made = plan::fhir::redacted_plan(now.data_set, care_plan);
        version.body = made.dump();
        return version;
    };
    if (!now.active) return hidden();
    if (!control::on("H17.withheld-from-patient")) return version;
    try {
        const auto& data_set = *now.data_set;
        if (plan::fhir::data_set_of(care_plan) != data_set.canonical()) return hidden();
        auto header = plan::fhir::read_plan(data_set, care_plan);
        const auto view = plan::patient_view(data_set, header.summary, now.answers, today());
        if (view.nothing_yet) return hidden();
        header.summary = view.shown;
        auto made = plan::fhir::write_plan(data_set, header);
        made["meta"] = care_plan.value("meta", json::object());
        version.body = made.dump();
        return version;
    } catch (const std::invalid_argument&) {
        return hidden();
    }
}

std::optional<Version> OwnPlan::of_response(Version version) {
    auto response = json::parse(version.body);
    const auto* data_set = data_sets_.find(text_of(response, "questionnaire"));
    // A contact note is written for staff.
    if (data_set == nullptr || DataSets::is_contact(*data_set)) return std::nullopt;
    try {
        const auto named = plan::fhir::read_submission(response);
        const auto status = plan::fhir::revision_status_of(response);
        if (!plan::may_see_revision(actor_, status, named.is_by(actor_), false)) return std::nullopt;
        if (!control::on("H17.withheld-from-patient")) return version;
        const Published& now = published(named.plan_id);
        const auto hidden = [&] {
            version.body = plan::fhir::redacted_response(response).dump();
            return version;
        };
        if (!now.active) return hidden();
        const auto view = plan::patient_view(*data_set, plan::fhir::read_revision(*data_set, response),
                                             now.answers, today());
        if (view.nothing_yet) return hidden();
        response.erase("item");
        if (auto items = plan::fhir::write_items(*data_set, view.shown); !items.empty())
            response["item"] = std::move(items);
        version.body = response.dump();
        return version;
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

// Who looked at their plan, in which role, when, and on what basis: no other person of the same event, and no
// reason, which may tell what is withheld.
std::optional<Version> OwnPlan::of_event(Version version) const {
    try {
        const auto record = plan::fhir::read_audit_event(json::parse(version.body));
        if (patients_->empty() || !is_a_look(record.kind)) return std::nullopt;
        if (std::find(record.patients.begin(), record.patients.end(), actor_.person) == record.patients.end())
            return std::nullopt;
        plan::AuditRecord told;
        told.id = record.id;
        told.kind = record.kind;
        told.when = record.when;
        told.actor = record.actor;
        told.actor.subject = "withheld";
        if (without_whereabouts_) told.actor.organisation = told.actor.organisation_name = "";
        told.patients = {actor_.person};
        told.basis = record.basis;
        auto event = plan::fhir::write_audit_event(told);
        event["meta"] = json::parse(version.body).value("meta", json::object());
        version.body = event.dump();
        return version;
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

std::optional<Version> OwnPlan::of(Version version) {
    const auto& type = version.type;
    if (type == "Questionnaire") return version;
    patients();
    if (type == "AuditEvent") return of_event(std::move(version));
    if (!is_about(version)) return std::nullopt;
    if (type == "Patient") return of_patient(std::move(version));
    if (type == "CarePlan") return of_care_plan(std::move(version));
    if (type == "QuestionnaireResponse") return of_response(std::move(version));
    if (type == "Task" && plan::fhir::is_proposal(json::parse(version.body))) return version;
    // Flags and Consents are for those who care for the person; the plan itself says what the person may
    // read.
    return std::nullopt;
}

void OwnPlan::narrow(Search& search) {
    std::vector<WantedValue> own;
    for (const auto& reference : patients()) own.push_back({std::nullopt, reference});
    const WantedValue number{std::string(plan::nhs_number_system), actor_.person};
    if (own.empty()) own.push_back({std::nullopt, "Patient/nobody"});
    const auto& type = search.type;
    if (type == "CarePlan" || type == "QuestionnaireResponse" || type == "Flag")
        search.criteria.push_back(by(type + ".subject", own));
    else if (type == "Consent" || type == "Task" || type == "RelatedPerson")
        search.criteria.push_back(by(type + ".patient", own));
    else if (type == "Patient")
        search.criteria.push_back(by("Patient.identifier", {number}));
    else if (type == "AuditEvent" && patients().empty())
        // An empty answer would say that nobody looked.
        throw Problem(403, "forbidden",
                      "No record of a person was found here whose plan you may ask about: ask the practice.");
    else if (type == "AuditEvent")
        search.criteria.push_back(by("AuditEvent.patient.identifier", {number}));
    else if (type == "Provenance" &&
             std::none_of(search.criteria.begin(), search.criteria.end(), [](const Criterion& each) {
                 return each.parameter == "Provenance.target" || each.kind == Criterion::Kind::id;
             }))
        throw Problem(403, "forbidden", "Say of what you ask for the Provenance: give its target.");
}

}  // namespace careplug::exchange
