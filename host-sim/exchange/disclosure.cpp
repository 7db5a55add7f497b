#include "disclosure.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/proposal.h>

#include <nlohmann/json.hpp>

#include "resource_types.h"
#include "rules.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

constexpr std::size_t most_plans_of_a_person = 1000;

// That a change waits, or that somebody left a note, and whose it is, is said to those who look after the
// plan before they open the record.
json closed(const json& response, bool says_whose) {
    auto shown = plan::fhir::redacted_response(response);
    if (says_whose)
        for (const char* name : {"author", "extension"})
            if (const auto found = response.find(name); found != response.end()) shown[name] = *found;
    return shown;
}

bool is_by(const plan::Actor& actor, const json& response) {
    try {
        return plan::fhir::read_submission(response).is_by(actor);
    } catch (const std::invalid_argument&) {
        return false;
    }
}

std::string data_set_named(const json& care_plan) {
    try {
        return plan::fhir::data_set_of(care_plan);
    } catch (const std::invalid_argument&) {
        return {};
    }
}

}  // namespace

// A draft, or what waits to be approved, that this reader is not to see. Of a draft that lay in an inbox once
// the versions of then count as the one of now does.
bool Disclosure::is_not_for(const Version& version, const json& response) {
    try {
        const auto status = plan::fhir::revision_status_of(response);
        bool in_inbox = plan::fhir::is_in_inbox_of(actor_, response);
        if (in_inbox)
            if (const auto now = view_.read(version.type, version.id); now && now->version != version.version)
                in_inbox = plan::fhir::is_in_inbox_of(actor_, json::parse(now->body));
        return !plan::may_see_revision(actor_, status, plan::fhir::read_submission(response).is_by(actor_),
                                       in_inbox);
    } catch (const std::invalid_argument&) {
        return true;
    }
}

bool Disclosure::reads_all() const {
    return !plan::is_person(actor_) || !control::on("H17.own-plan-alone");
}

bool Disclosure::leaves_out(const std::string& type) const {
    return !reads_all() || type == "QuestionnaireResponse" || type == "Flag" || type == "Provenance" ||
           type == "Task";
}

void Disclosure::narrow(Search& search) {
    if (!reads_all()) own_.narrow(search);
}

bool Disclosure::withholds(const Version& care_plan) {
    const auto known = plans_.find(care_plan.id);
    if (known != plans_.end()) return known->second;
    // Of the current version, whichever is read: what a plan said before it was suspended is its content too.
    bool hidden = true;
    for (const auto& code : view_.values_of(care_plan, "CarePlan.status"))
        if (const auto status = plan::plan_status(code)) {
            hidden = !plan::may_see_content(actor_, *status);
            if (hidden && *status == plan::PlanStatus::on_hold) hidden = !broke_glass(care_plan);
        }
    return plans_[care_plan.id] = hidden;
}

bool Disclosure::broke_glass(const Version& care_plan) {
    const auto* data_set = data_sets_.find(data_set_named(json::parse(care_plan.body)));
    if (data_set == nullptr) return false;
    for (const auto& subject : view_.values_of(care_plan, "CarePlan.subject"))
        if (subject.starts_with("Patient/") && relationships_.broke_glass(*data_set, subject.substr(8)))
            return true;
    return false;
}

// Whoever wrote it knows what it says; everybody else says first why it is read (hazard H9).
bool Disclosure::is_related(const Version& response) {
    if (response.author == author_key(actor_) || is_by(actor_, json::parse(response.body))) return true;
    for (const auto& canonical : view_.values_of(response, "QuestionnaireResponse.questionnaire"))
        if (const auto* data_set = data_sets_.find(canonical))
            return has_opened(*data_set, view_.values_of(response, "QuestionnaireResponse.subject"));
    return false;
}

bool Disclosure::has_opened(const plan::DataSet& data_set, const std::vector<std::string>& subjects) {
    return std::any_of(subjects.begin(), subjects.end(), [&](const std::string& subject) {
        return subject.starts_with("Patient/") && relationships_.opened(data_set, subject.substr(8));
    });
}

bool Disclosure::withholds_plan(const std::string& id) {
    if (const auto known = plans_.find(id); known != plans_.end()) return known->second;
    const auto care_plan = view_.read("CarePlan", id);
    return care_plan && withholds(*care_plan);
}

// That a plan is suspended is said to everybody, else it would look absent.
bool Disclosure::says_state(const Version& flag, const Version& care_plan) const {
    const auto parsed = json::parse(care_plan.body);
    try {
        const auto* data_set = data_sets_.find(plan::fhir::data_set_of(parsed));
        if (data_set == nullptr) return false;
        const auto header = plan::without_content(plan::fhir::read_plan(*data_set, parsed));
        for (const auto& said : plan::fhir::flag_resources(*data_set, nullptr, header, "", ""))
            if (text_of(said, "id") == flag.id) return true;
    } catch (const std::invalid_argument&) {
        return false;
    }
    return false;
}

// Its id and its code say what the plan says. One that names no plan by its id belongs to all of the
// person's.
bool Disclosure::withholds_flag(const Version& flag) {
    bool any = false;
    bool all = true;
    for (const auto& subject : view_.values_of(flag, "Flag.subject")) {
        Search plans;
        plans.type = "CarePlan";
        plans.count = most_plans_of_a_person;
        Criterion of_subject;
        of_subject.parameter = "CarePlan.subject";
        of_subject.selective = true;
        of_subject.values = {{std::nullopt, subject}};
        plans.criteria = {of_subject};
        for (const auto& care_plan : view_.search(plans)) {
            const bool hidden = withholds(care_plan);
            if (flag.id.starts_with(care_plan.id + "-")) return hidden && !says_state(flag, care_plan);
            any = any || hidden;
            all = all && hidden;
        }
    }
    return any && all;
}

std::optional<Version> Disclosure::of_response(Version version) {
    for (const auto& plan : view_.values_of(version, "QuestionnaireResponse.based-on"))
        if (plan.starts_with("CarePlan/") && withholds_plan(plan.substr(9))) {
            const auto response = json::parse(version.body);
            if (is_not_for(version, response)) return std::nullopt;
            version.body = plan::fhir::redacted_response(response).dump();
            return version;
        }
    // Most are published, and are not parsed for nothing.
    if (version.body.find("in-progress") != std::string::npos &&
        is_not_for(version, json::parse(version.body)))
        return std::nullopt;
    if (is_related(version)) return version;
    const auto response = json::parse(version.body);
    const bool waits = text_of(response, "status") == "in-progress";
    const auto* data_set = data_sets_.find(text_of(response, "questionnaire"));
    const bool is_note = data_set != nullptr && DataSets::is_contact(*data_set) && plan::may_edit(actor_);
    version.body = closed(response, waits || is_note).dump();
    return version;
}

// What it was that changed may not be said where the changed resource is not there.
std::optional<Version> Disclosure::of_provenance(Version version) {
    auto provenance = json::parse(version.body);
    json kept = json::array();
    for (const json* target : elements_at(provenance, "target")) {
        const auto reference = text_of(*target, "reference");
        // What a patient is told of is what it is about: never one that is about another.
        if (!reads_all() && reference.starts_with("Provenance/")) continue;
        if (gives(reference)) kept.push_back(*target);
    }
    if (kept.empty()) return std::nullopt;
    if (kept.size() == provenance["target"].size()) return version;
    provenance["target"] = std::move(kept);
    version.body = provenance.dump();
    return version;
}

// What a patient suggests is the plan's content to everybody else.
std::optional<Version> Disclosure::of_task(Version version) {
    const auto task = json::parse(version.body);
    if (!plan::fhir::is_proposal(task) || !control::on("H17.proposals-withheld")) return version;
    if (!plan::may_edit(actor_)) return std::nullopt;
    for (const auto& plan : view_.values_of(version, "Task.focus"))
        if (!plan.starts_with("CarePlan/") || withholds_plan(plan.substr(9))) return std::nullopt;
    const auto* data_set = data_sets_.find(plan::fhir::data_set_of_proposal(task));
    if (data_set == nullptr || !has_opened(*data_set, view_.values_of(version, "Task.patient")))
        version.body = plan::fhir::redacted_proposal(task).dump();
    return version;
}

std::optional<Version> Disclosure::of(Version version) {
    if (version.type == "Provenance") return of_provenance(std::move(version));
    if (!reads_all()) return own_.of(std::move(version));
    if (version.type == "Task") return of_task(std::move(version));
    if (version.type == "QuestionnaireResponse") return of_response(std::move(version));
    if (version.type == "Flag" && withholds_flag(version)) return std::nullopt;
    if (version.type == "CarePlan" && withholds(version)) {
        const auto care_plan = json::parse(version.body);
        std::string canonical;
        for (const json* each : elements_at(care_plan, "instantiatesCanonical"))
            if (each->is_string()) canonical = each->get<std::string>();
        version.body = plan::fhir::redacted_plan(data_sets_.find(canonical), care_plan).dump();
    }
    return version;
}

bool Disclosure::gives(const std::string& reference) {
    const auto slash = reference.find('/');
    if (slash == std::string::npos) return reads_all();
    const auto type = reference.substr(0, slash);
    if (reads_all() && type != "Flag" && type != "QuestionnaireResponse") return true;
    const auto past = reference.find("/_history/");
    auto found = past == std::string::npos
                     ? view_.read(type, reference.substr(slash + 1))
                     : view_.read(type, reference.substr(slash + 1, past - slash - 1),
                                  std::strtoll(reference.c_str() + past + 10, nullptr, 10));
    // Of what is not there a patient learns as much as of what is not theirs.
    return found ? of(std::move(*found)).has_value() : reads_all();
}

bool Disclosure::tells(const Change& change) {
    if (change.type == "AuditEvent" || change.type == "Communication") return plan::may_audit(actor_);
    return (reads_all() && change.type != "Flag" && change.type != "QuestionnaireResponse") ||
           gives(change.type + "/" + change.id + "/_history/" + std::to_string(change.version));
}

}  // namespace careplug::exchange
