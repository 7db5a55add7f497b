#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rules.h>

#include <algorithm>

#include "fhir_answers.h"
#include "json_reading.h"
#include "text.h"
#include "well_known.h"
#include "wire_flags.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* loinc = "http://loinc.org";
constexpr std::size_t longest_id = 64;

Json put(Json resource, const std::string& if_match = {}) {
    Json request = {{"method", "PUT"},
                    {"url", text_of(resource, "resourceType") + "/" + text_of(resource, "id")}};
    if (!if_match.empty()) request["ifMatch"] = if_match;
    return {{"resource", std::move(resource)}, {"request", std::move(request)}};
}

Json create_patient(const Subject& subject, const std::string& full_url) {
    Json patient = {
        {"resourceType", "Patient"},
        {"identifier", Json::array({{{"system", nhs_number_system}, {"value", subject.nhs_number}}})},
        {"name", Json::array({{{"use", "official"}, {"family", subject.family}}})}};
    if (!subject.given.empty()) patient["name"][0]["given"] = Json::array({subject.given});
    if (!subject.birth_date.empty()) patient["birthDate"] = subject.birth_date;
    if (!subject.gender.empty()) patient["gender"] = subject.gender;
    if (!subject.address.empty()) patient["address"] = Json::array({{{"text", subject.address}}});
    return {{"fullUrl", full_url},
            {"resource", std::move(patient)},
            {"request",
             {{"method", "POST"},
              {"url", "Patient"},
              {"ifNoneExist", std::string("identifier=") + nhs_number_system + "|" + subject.nhs_number}}}};
}

Json codeable(const char* system, const char* code) {
    return {{"coding", Json::array({{{"system", system}, {"code", code}}})}};
}

Json consent_resource(const std::string& id, const Json& subject, const std::string& performer, bool given) {
    return {{"resourceType", "Consent"},
            {"id", id},
            {"status", given ? "active" : "inactive"},
            {"scope", codeable("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")},
            {"category", Json::array({codeable(loinc, "59284-0")})},
            {"patient", subject},
            {"performer", Json::array({{{"display", performer}}})},
            {"policyRule", codeable("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN")},
            {"provision", {{"type", given ? "permit" : "deny"}}}};
}

// Nothing where the data set does not ask for consent.
Json consent(const DataSet& data_set, const Revision& revision, const Json& subject) {
    const Field* question = data_set.find(well_known::consent);
    const Value* answer = revision.answers.first(well_known::consent);
    const auto* coding = answer != nullptr ? std::get_if<Coding>(answer) : nullptr;
    if (question == nullptr || coding == nullptr) return {};
    const bool permits = permits_publishing(data_set, *question, coding->code);
    Json resource = consent_resource(revision.plan_id, subject, revision.author.words(), true);
    resource["provision"]["type"] = permits ? "permit" : "deny";
    resource["extension"] =
        Json::array({{{"url", own("consent-code")}, {"valueCoding", write_coding(*coding)}}});
    if (const Value* value = revision.answers.first(well_known::consent_date))
        if (const auto* date = std::get_if<Date>(value)) resource["dateTime"] = date->text;
    return resource;
}

Json flag_resource(const DataSet& data_set, const Flag& flag, const Plan& plan, const Json& subject,
                   bool active, const std::string& since) {
    Coding code{local_system, flag.id, flag.short_words};
    for (const FlagDefinition& definition : data_set.flags)
        if (definition.id == flag.id && definition.code) code = *definition.code;
    return {{"resourceType", "Flag"},
            {"id", (plan.id + "-" + flag.id).substr(0, longest_id)},
            {"status", active ? "active" : "inactive"},
            {"code", {{"coding", Json::array({write_coding(code)})}, {"text", flag.short_words}}},
            {"subject", subject},
            {"period", {{"start", since}}}};
}

void put_flags(const DataSet& data_set, const Plan* was, const Plan& now, const std::string& since,
               const std::string& today, Json& entries) {
    for (Json& flag : flag_resources(data_set, was, now, since, today))
        entries.push_back(put(std::move(flag)));
}

Plan next_plan(const DataSet& data_set, const Revision& revision, const Subject& subject,
               const Plan* before) {
    Plan plan;
    plan.id = revision.plan_id;
    plan.data_set = data_set.canonical();
    plan.nhs_number = subject.nhs_number;
    plan.patient_reference = subject.reference;
    plan.revision = before != nullptr ? before->revision + 1 : 1;
    plan.revision_id = revision.id;
    plan.created = before != nullptr ? before->created : revision.authored;
    plan.amended = revision.authored;
    plan.author = revision.completes ? revision.completes->author : revision.author.words();
    // Who may publish approves in the same action.
    plan.approver = revision.author.words();
    plan.approver_role = revision.author.role;
    plan.organisation = revision.author.organisation;
    if (const Value* value = revision.answers.first(well_known::review))
        if (const auto* date = std::get_if<Date>(value)) plan.review = date->text;
    plan.summary = summary_of(data_set, revision.answers);
    return plan;
}

}  // namespace

std::vector<nlohmann::json> flag_resources(const DataSet& data_set, const Plan* was, const Plan& now,
                                           const std::string& since, const std::string& today) {
    const Json about = {{"reference", now.patient_reference},
                        {"identifier", {{"system", nhs_number_system}, {"value", now.nhs_number}}}};
    const auto flags = wire_flags(data_set, now, today);
    std::vector<Json> made;
    for (const Flag& flag : flags) made.push_back(flag_resource(data_set, flag, now, about, true, since));
    if (was == nullptr) return made;
    for (const Flag& flag : wire_flags(data_set, *was, today)) {
        const auto still =
            std::any_of(flags.begin(), flags.end(), [&](const Flag& each) { return each.id == flag.id; });
        if (!still) made.push_back(flag_resource(data_set, flag, now, about, false, was->amended));
    }
    return made;
}

nlohmann::json publish_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject,
                                   const Plan* before, const std::string& today) {
    Json entries = Json::array();
    Subject known = subject;
    if (known.reference.empty()) {
        known.reference = "urn:uuid:" + uuid_from("Patient of " + revision.id);
        entries.push_back(create_patient(subject, known.reference));
    }
    const Json about = {{"reference", known.reference},
                        {"identifier", {{"system", nhs_number_system}, {"value", known.nhs_number}}}};
    entries.push_back(put(write_revision(data_set, revision, known)));
    // What was submitted is approved with what completes it, by the same hand.
    if (revision.completes)
        entries.push_back(
            put(with_revision_status(Json::parse(revision.completes->resource), RevisionStatus::approved),
                revision.completes->etag));

    Plan plan = next_plan(data_set, revision, known, before);
    if (Json resource = consent(data_set, revision, about); !resource.is_null()) {
        plan.consent_id = revision.plan_id;
        entries.push_back(put(std::move(resource)));
    }

    put_flags(data_set, before, plan, revision.authored, today, entries);
    entries.push_back(put(write_plan(data_set, plan), before != nullptr ? before->etag : std::string()));
    return {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", std::move(entries)}};
}

nlohmann::json own_edit_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject,
                                    const Plan& before) {
    Plan plan = next_plan(data_set, revision, subject, &before);
    plan.approver = before.approver;
    plan.approver_role = before.approver_role;
    plan.review = before.review;
    plan.organisation.clear();
    plan.consent_id = before.consent_id;
    return {{"resourceType", "Bundle"},
            {"type", "transaction"},
            {"entry", Json::array({put(write_revision(data_set, revision, subject)),
                                   put(write_plan(data_set, plan), before.etag)})}};
}

nlohmann::json submit_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject) {
    Json entries = Json::array();
    Subject known = subject;
    if (known.reference.empty()) {
        known.reference = "urn:uuid:" + uuid_from("Patient of " + revision.id);
        entries.push_back(create_patient(subject, known.reference));
    }
    Revision submitted = revision;
    submitted.status = RevisionStatus::submitted;
    entries.push_back(put(write_revision(data_set, submitted, known)));
    return {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", std::move(entries)}};
}

nlohmann::json status_transaction(const DataSet& data_set, const Plan& before, const StatusChange& change) {
    Plan plan = before;
    plan.status = outcome(change.act);
    const bool is_active = plan.status == PlanStatus::active;
    plan.status_date = change.when;
    plan.status_since = is_active ? std::string() : change.since;
    plan.status_by = change.by.words();
    plan.status_organisation = change.by.organisation;
    // Whoever is told that sharing was withdrawn is told nothing more (hazard H8).
    plan.status_reason = is_active || plan.status == PlanStatus::on_hold ? std::string() : change.reason;
    const Json about = {{"reference", plan.patient_reference},
                        {"identifier", {{"system", nhs_number_system}, {"value", plan.nhs_number}}}};
    Json entries = Json::array();
    const bool asks_consent = data_set.find(well_known::consent) != nullptr;
    if (asks_consent && (change.act == PlanAct::suspend || change.act == PlanAct::reopen)) {
        plan.consent_id = plan.id;
        Json resource = consent_resource(plan.id, about, change.by.words(), change.act == PlanAct::reopen);
        if (!change.since.empty()) resource["dateTime"] = change.since;
        entries.push_back(put(std::move(resource)));
    }
    put_flags(data_set, &before, plan, change.when, change.today, entries);
    entries.push_back(put(write_plan(data_set, plan), before.etag));
    return {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", std::move(entries)}};
}

}  // namespace careplug::plan::fhir
