#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

#include "json_reading.h"
#include "local_codes.h"
#include "text.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* organisations = "https://fhir.nhs.uk/Id/ods-organization-code";
constexpr const char* accept_code = "accept-changes";
constexpr const char* revision_code = "accepted-revision";
constexpr const char* version_code = "accepted-version";
constexpr const char* note_code = "accepted-note";
constexpr std::string_view response = "QuestionnaireResponse/";

Json counted(const char* code, std::uint32_t number) {
    return {{"type", coded(code)}, {"valueInteger", number}};
}

Json outputs(const Accepted& accepted) {
    Json list = Json::array();
    if (accepted.revision != 0) list.push_back(counted(revision_code, accepted.revision));
    if (accepted.version != 0) list.push_back(counted(version_code, accepted.version));
    for (const auto& note : accepted.notes)
        list.push_back(
            {{"type", coded(note_code)}, {"valueReference", {{"reference", std::string(response) + note}}}});
    return list;
}

void read_output(const Json& output, Accepted& accepted) {
    const Json& type = member(output, "type");
    if (const Json& number = member(output, "valueInteger"); number.is_number_integer()) {
        const auto read = number.get<std::int64_t>();
        if (read <= 0 || read > std::numeric_limits<std::int32_t>::max()) return;
        if (has_code(type, revision_code)) accepted.revision = static_cast<std::uint32_t>(read);
        if (has_code(type, version_code)) accepted.version = static_cast<std::uint32_t>(read);
        return;
    }
    const std::string note = text_of(member(output, "valueReference"), "reference");
    if (has_code(type, note_code) && note.starts_with(response) && note.size() > response.size())
        accepted.notes.insert(note.substr(response.size()));
}

}  // namespace

bool Accepted::holds(const Accepted& other) const {
    return other.revision <= revision && other.version <= version &&
           std::includes(notes.begin(), notes.end(), other.notes.begin(), other.notes.end());
}

void Accepted::add(const Accepted& other) {
    revision = std::max(revision, other.revision);
    version = std::max(version, other.version);
    notes.insert(other.notes.begin(), other.notes.end());
}

std::uint32_t counted_version(const std::string& etag) {
    if (!etag.starts_with("W/\"") || !etag.ends_with('"') || etag.size() < 5) return 0;
    std::uint32_t number = 0;
    const char* const end = etag.data() + etag.size() - 1;
    const auto read = std::from_chars(etag.data() + 3, end, number);
    return read.ec == std::errc() && read.ptr == end ? number : 0;
}

std::string acceptance_id(const std::string& plan_id, const std::string& organisation) {
    return uuid_from("acceptance of " + plan_id + " by " + organisation);
}

nlohmann::json write_acceptance(const Acceptance& acceptance) {
    Json subject = {{"identifier", {{"system", nhs_number_system}, {"value", acceptance.nhs_number}}}};
    if (!acceptance.patient_reference.empty()) subject["reference"] = acceptance.patient_reference;
    Json owner = {{"identifier", {{"system", organisations}, {"value", acceptance.organisation}}}};
    if (!acceptance.organisation_name.empty()) owner["display"] = acceptance.organisation_name;
    return {{"resourceType", "Task"},     {"id", acceptance_id(acceptance.plan_id, acceptance.organisation)},
            {"status", "completed"},      {"intent", "order"},
            {"code", coded(accept_code)}, {"focus", {{"reference", "CarePlan/" + acceptance.plan_id}}},
            {"for", std::move(subject)},  {"lastModified", acceptance.when},
            {"owner", std::move(owner)},  {"output", outputs(acceptance.accepted)}};
}

Acceptance read_acceptance(const nlohmann::json& task) {
    Acceptance read;
    if (text_of(task, "resourceType") != "Task" || !has_code(member(task, "code"), accept_code))
        throw std::invalid_argument("This is not a Task that accepts the changes of a plan.");
    if (text_of(task, "status") != "completed")
        throw std::invalid_argument("A Task that accepts the changes of a plan is completed.");
    const std::string focus = text_of(member(task, "focus"), "reference");
    if (!focus.starts_with("CarePlan/"))
        throw std::invalid_argument("The Task does not name its plan (focus).");
    read.plan_id = focus.substr(std::string("CarePlan/").size());
    const Json& subject = member(task, "for");
    read.patient_reference = text_of(subject, "reference");
    read.nhs_number = text_of(member(subject, "identifier"), "value");
    const Json& owner = member(task, "owner");
    if (const Json& identifier = member(owner, "identifier"); text_of(identifier, "system") == organisations)
        read.organisation = text_of(identifier, "value");
    read.organisation_name = text_of(owner, "display");
    read.when = text_of(task, "lastModified");
    for (const Json& output : list_of(task, "output")) read_output(output, read.accepted);
    if (read.organisation.empty() || read.accepted == Accepted{})
        throw std::invalid_argument("The Task does not say who accepted what (owner, output).");
    if (const std::string version = text_of(member(task, "meta"), "versionId"); !version.empty())
        read.etag = "W/\"" + version + "\"";
    return read;
}

}  // namespace careplug::plan::fhir
