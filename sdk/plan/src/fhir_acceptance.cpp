#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

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

}  // namespace

std::string acceptance_id(const std::string& plan_id, const std::string& organisation) {
    return uuid_from("acceptance of " + plan_id + " by " + organisation);
}

nlohmann::json write_acceptance(const Acceptance& acceptance) {
    Json subject = {{"identifier", {{"system", nhs_number_system}, {"value", acceptance.nhs_number}}}};
    if (!acceptance.patient_reference.empty()) subject["reference"] = acceptance.patient_reference;
    Json owner = {{"identifier", {{"system", organisations}, {"value", acceptance.organisation}}}};
    if (!acceptance.organisation_name.empty()) owner["display"] = acceptance.organisation_name;
    return {
        {"resourceType", "Task"},
        {"id", acceptance_id(acceptance.plan_id, acceptance.organisation)},
        {"status", "completed"},
        {"intent", "order"},
        {"code", coded(accept_code)},
        {"focus", {{"reference", "CarePlan/" + acceptance.plan_id}}},
        {"for", std::move(subject)},
        {"lastModified", acceptance.when},
        {"owner", std::move(owner)},
        {"output", Json::array({{{"type", coded(revision_code)}, {"valueInteger", acceptance.revision}}})}};
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
    for (const Json& output : list_of(task, "output")) {
        const Json& number = member(output, "valueInteger");
        if (!has_code(member(output, "type"), revision_code) || !number.is_number_integer()) continue;
        const auto revision = number.get<std::int64_t>();
        if (revision > 0 && revision <= std::numeric_limits<std::int32_t>::max())
            read.revision = static_cast<std::uint32_t>(revision);
    }
    if (read.organisation.empty() || read.revision == 0)
        throw std::invalid_argument("The Task does not say who accepted which revision (owner, output).");
    if (const std::string version = text_of(member(task, "meta"), "versionId"); !version.empty())
        read.etag = "W/\"" + version + "\"";
    return read;
}

}  // namespace careplug::plan::fhir
