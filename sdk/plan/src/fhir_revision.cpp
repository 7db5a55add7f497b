#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "json_reading.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* issuer_system = "urn:x-local:careplug:issuer:";

// FHIR's status of each state. Draft and submitted, approved and published differ by the extension alone.
constexpr std::array<std::pair<RevisionStatus, const char*>, 7> fhir_codes{
    {{RevisionStatus::draft, "in-progress"},
     {RevisionStatus::submitted, "in-progress"},
     {RevisionStatus::approved, "completed"},
     {RevisionStatus::published, "completed"},
     {RevisionStatus::superseded, "completed"},
     {RevisionStatus::withdrawn, "stopped"},
     {RevisionStatus::entered_in_error, "entered-in-error"}}};

const char* fhir_code(RevisionStatus status) {
    for (const auto& [each, text] : fhir_codes)
        if (each == status) return text;
    return "in-progress";
}

std::string id_after(const std::string& reference, const std::string& type) {
    return reference.starts_with(type + "/") ? reference.substr(type.size() + 1) : std::string();
}

std::string reference_in(const Json& resource, const char* name) {
    for (const Json* extension : extensions(resource, own(name)))
        return id_after(text_of(member(*extension, "valueReference"), "reference"), "QuestionnaireResponse");
    return {};
}

Json extension_reference(const char* name, const std::string& id) {
    return {{"url", own(name)}, {"valueReference", {{"reference", "QuestionnaireResponse/" + id}}}};
}

Json person(const Actor& actor) {
    return {{"identifier", {{"system", issuer_system + actor.issuer}, {"value", actor.subject}}},
            {"display", actor.words()}};
}

}  // namespace

bool Submission::is_by(const Actor& actor) const {
    return author_key == issuer_system + actor.issuer + "|" + actor.subject;
}

RevisionStatus revision_status_of(const nlohmann::json& questionnaire_response) {
    const std::string fhir = text_of(questionnaire_response, "status");
    const std::string named = extension_text(questionnaire_response, own("revision-status"));
    if (named.empty()) {
        if (fhir == "in-progress") return RevisionStatus::draft;
        if (fhir == "completed") return RevisionStatus::published;
        if (fhir == "stopped") return RevisionStatus::withdrawn;
        if (fhir == "entered-in-error") return RevisionStatus::entered_in_error;
        throw std::invalid_argument("The status \"" + fhir + "\" of the revision is not known.");
    }
    const auto status = revision_status(named);
    if (!status || status == RevisionStatus::superseded)
        throw std::invalid_argument("The revision-status \"" + named + "\" is not known.");
    if (fhir != fhir_code(*status))
        throw std::invalid_argument("The revision's status \"" + fhir + "\" and its revision-status \"" +
                                    named + "\" contradict each other.");
    return *status;
}

nlohmann::json with_revision_status(nlohmann::json questionnaire_response, RevisionStatus status) {
    Json kept = Json::array();
    for (const Json& each : list_of(questionnaire_response, "extension"))
        if (text_of(each, "url") != own("revision-status")) kept.push_back(each);
    kept.push_back({{"url", own("revision-status")}, {"valueCode", plan::code(status)}});
    questionnaire_response["extension"] = std::move(kept);
    questionnaire_response["status"] = fhir_code(status);
    return questionnaire_response;
}

nlohmann::json sent_back(nlohmann::json questionnaire_response, const Actor& by, const std::string& reason) {
    Json made = with_revision_status(std::move(questionnaire_response), RevisionStatus::draft);
    Json kept = Json::array();
    for (const Json& each : list_of(made, "extension"))
        if (!text_of(each, "url").starts_with(own("sent-back"))) kept.push_back(each);
    kept.push_back({{"url", own("sent-back-by")}, {"valueString", by.words()}});
    kept.push_back({{"url", own("sent-back")}, {"valueString", reason}});
    made["extension"] = std::move(kept);
    return made;
}

nlohmann::json in_inbox(nlohmann::json questionnaire_response, const std::string& organisation) {
    questionnaire_response["meta"]["tag"] = Json::array({{{"system", inbox_system}, {"code", organisation}}});
    return questionnaire_response;
}

std::string inbox_of(const nlohmann::json& questionnaire_response) {
    for (const Json& tag : list_of(member(questionnaire_response, "meta"), "tag"))
        if (text_of(tag, "system") == inbox_system) return text_of(tag, "code");
    return {};
}

bool is_in_inbox_of(const Actor& actor, const nlohmann::json& questionnaire_response) {
    const std::string organisation = inbox_of(questionnaire_response);
    return !organisation.empty() &&
           (organisation == actor.organisation || !control::on("H7.inbox-of-its-organisation"));
}

std::string completed_by(const nlohmann::json& questionnaire_response) {
    return reference_in(questionnaire_response, "completes");
}

Submission read_submission(const nlohmann::json& response) {
    Submission read;
    read.id = text_of(response, "id");
    read.status = revision_status_of(response);
    if (const std::string version = text_of(member(response, "meta"), "versionId"); !version.empty())
        read.etag = "W/\"" + version + "\"";
    read.plan_id = id_after(text_of(first_of(response, "basedOn"), "reference"), "CarePlan");
    const Json& author = member(response, "author");
    read.author = text_of(author, "display");
    const Json& identifier = member(author, "identifier");
    read.author_key = text_of(identifier, "system") + "|" + text_of(identifier, "value");
    read.authored = text_of(response, "authored");
    read.base_revision_id = reference_in(response, "changes");
    read.sent_back_by = extension_text(response, own("sent-back-by"));
    read.sent_back = extension_text(response, own("sent-back"));
    const Json& subject = member(response, "subject");
    read.patient_reference = text_of(subject, "reference");
    if (const Json& number = member(subject, "identifier"); text_of(number, "system") == nhs_number_system)
        read.nhs_number = text_of(number, "value");
    read.resource = response.dump();
    if (read.id.empty() || read.plan_id.empty() || read.nhs_number.empty())
        throw std::invalid_argument("The revision does not say what it is, or whose.");
    return read;
}

nlohmann::json write_revision(const DataSet& data_set, const Revision& revision, const Subject& subject) {
    Json about = {{"identifier", {{"system", nhs_number_system}, {"value", subject.nhs_number}}}};
    if (!subject.reference.empty()) about["reference"] = subject.reference;
    Json resource = {{"resourceType", "QuestionnaireResponse"},
                     {"id", revision.id},
                     {"identifier", {{"system", own("revision-id")}, {"value", revision.id}}},
                     {"basedOn", Json::array({{{"reference", "CarePlan/" + revision.plan_id}}})},
                     {"questionnaire", data_set.canonical()},
                     {"subject", std::move(about)},
                     {"authored", revision.authored},
                     {"author", person(revision.author)}};
    resource = with_revision_status(std::move(resource), revision.status);
    if (!revision.base_revision_id.empty())
        resource["extension"].push_back(extension_reference("changes", revision.base_revision_id));
    if (revision.completes) {
        resource["author"] = member(Json::parse(revision.completes->resource), "author");
        resource["extension"].push_back({{"url", own("endorser")}, {"valueString", revision.author.words()}});
        resource["extension"].push_back(extension_reference("completes", revision.completes->id));
    }
    for (const auto& id : revision.proposals)
        resource["extension"].push_back(
            {{"url", own("proposal")}, {"valueReference", {{"reference", "Task/" + id}}}});
    Json items = write_items(data_set, revision.answers);
    if (!items.empty()) resource["item"] = std::move(items);
    return resource;
}

}  // namespace careplug::plan::fhir
