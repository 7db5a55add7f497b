#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rows.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "dates.h"
#include "fhir_answers.h"
#include "json_reading.h"
#include "words.h"

namespace careplug::plan::fhir {

namespace {

void check_type(const Json& resource, const char* type) {
    if (text_of(resource, "resourceType") != type)
        throw std::invalid_argument("This is not a " + std::string(type) + ".");
}

// "CarePlan/UUID", also as an absolute address or with a version, gives the id.
std::string id_in(const std::string& reference, const std::string& type) {
    const std::string marker = type + "/";
    const auto at = reference.rfind(marker);
    if (at == std::string::npos || (at > 0 && reference[at - 1] != '/')) return {};
    const std::string rest = reference.substr(at + marker.size());
    return rest.substr(0, rest.find('/'));
}

void add_text(Json& resource, const char* name, const char* value_type, const std::string& text) {
    if (!text.empty()) resource["extension"].push_back({{"url", own(name)}, {value_type, text}});
}

bool is_masked(const DataSet& data_set, const Item& item) {
    const Field* field = data_set.find(item.link_id);
    return field != nullptr && !field->sensitive.empty();
}

// A sensitive question within a group is masked like one that stands alone.
Item masked_below(const DataSet& data_set, const Item& item) {
    if (is_masked(data_set, item)) return Item{item.link_id, {Value(std::string(recorded))}, {}};
    Item copy{item.link_id, item.answers, {}};
    for (const Item& child : item.items) copy.items.push_back(masked_below(data_set, child));
    return copy;
}

Json write_summary(const DataSet& data_set, const Answers& answers) {
    return {{"resourceType", "QuestionnaireResponse"},
            {"id", "summary"},
            {"status", "completed"},
            {"questionnaire", data_set.canonical()},
            {"item", write_items(data_set, summary_of(data_set, answers))}};
}

Answers named(const DataSet& data_set, Answers answers) {
    name_rows(data_set, answers);
    return answers;
}

Answers read_summary(const DataSet& data_set, const Json& care_plan) {
    for (const Json& contained : list_of(care_plan, "contained"))
        if (text_of(contained, "resourceType") == "QuestionnaireResponse" &&
            text_of(contained, "id") == "summary")
            return named(data_set, read_answers(data_set, contained));
    // Without it no flag can be told from its absence.
    throw std::invalid_argument("The plan has no summary of its answers.");
}

std::string reference_id(const Json& care_plan, const char* name, const char* type) {
    for (const Json* extension : extensions(care_plan, own(name)))
        return id_in(text_of(member(*extension, "valueReference"), "reference"), type);
    return {};
}

}  // namespace

Answers summary_of(const DataSet& data_set, const Answers& answers) {
    const auto wanted = data_set.summary_fields();
    Answers summary;
    for (const Item& item : answers.items) {
        if (std::find(wanted.begin(), wanted.end(), item.link_id) == wanted.end()) continue;
        Item masked = control::on("H12.masked-in-summary") ? masked_below(data_set, item) : item;
        const bool once = is_masked(data_set, item) && summary.has(item.link_id);
        if (!once && (!masked.answers.empty() || !masked.items.empty()))
            summary.items.push_back(std::move(masked));
    }
    return summary;
}

std::string data_set_of(const nlohmann::json& care_plan) {
    check_type(care_plan, "CarePlan");
    const Json& canonical = first_of(care_plan, "instantiatesCanonical");
    if (!canonical.is_string() || canonical.get<std::string>().empty())
        throw std::invalid_argument("The CarePlan does not name its data set (instantiatesCanonical).");
    return canonical.get<std::string>();
}

Plan read_plan(const DataSet& data_set, const nlohmann::json& care_plan) {
    Plan plan;
    plan.data_set = data_set_of(care_plan);
    if (plan.data_set != data_set.canonical())
        throw std::invalid_argument("The plan answers the data set " + plan.data_set + ", not " +
                                    data_set.canonical() + ".");
    plan.id = text_of(care_plan, "id");
    if (plan.id.empty()) throw std::invalid_argument("The CarePlan has no id.");
    if (const std::string version = text_of(member(care_plan, "meta"), "versionId"); !version.empty())
        plan.etag = "W/\"" + version + "\"";
    const auto status = plan_status(text_of(care_plan, "status"));
    if (!status)
        throw std::invalid_argument("The status \"" + text_of(care_plan, "status") +
                                    "\" of the plan is not known.");
    plan.status = *status;

    const Json& subject = member(care_plan, "subject");
    plan.patient_reference = text_of(subject, "reference");
    if (const Json& identifier = member(subject, "identifier");
        text_of(identifier, "system") == nhs_number_system)
        plan.nhs_number = text_of(identifier, "value");

    const auto revision = extension_integer(care_plan, own("plan-revision"));
    if (!revision || *revision < 1 || *revision > std::numeric_limits<std::int32_t>::max())
        throw std::invalid_argument("The plan has no valid revision number.");
    plan.revision = static_cast<std::uint32_t>(*revision);
    const Json& pointer = first_of(care_plan, "supportingInfo");
    plan.revision_id = text_of(member(pointer, "identifier"), "value");
    if (plan.revision_id.empty())
        plan.revision_id = id_in(text_of(pointer, "reference"), "QuestionnaireResponse");
    if (plan.revision_id.empty())
        throw std::invalid_argument("The plan does not point to its published revision.");

    plan.created = text_of(care_plan, "created");
    plan.amended = extension_text(care_plan, own("amended"));
    plan.author = extension_text(care_plan, own("author"));
    plan.approver = extension_text(care_plan, own("approver"));
    plan.approver_role = extension_text(care_plan, own("approver-role"));
    plan.organisation = extension_text(care_plan, own("organisation"));
    plan.review = extension_text(care_plan, own("review"));
    plan.consent_id = reference_id(care_plan, "consent", "Consent");
    plan.status_date = extension_text(care_plan, own("status-date"));
    plan.status_since = extension_text(care_plan, own("status-since"));
    plan.status_by = extension_text(care_plan, own("status-by"));
    plan.status_organisation = extension_text(care_plan, own("status-organisation"));
    plan.status_reason = extension_text(care_plan, own("status-reason"));
    plan.summary = read_summary(data_set, care_plan);
    return plan;
}

nlohmann::json write_plan(const DataSet& data_set, const Plan& plan) {
    Json resource = {{"resourceType", "CarePlan"},
                     {"id", plan.id},
                     {"identifier", Json::array({{{"system", own("plan-id")}, {"value", plan.id}}})},
                     {"contained", Json::array({write_summary(data_set, plan.summary)})},
                     {"instantiatesCanonical", Json::array({data_set.canonical()})},
                     {"status", code(plan.status)},
                     {"intent", "plan"}};
    resource["extension"] =
        Json::array({{{"url", own("plan-revision")}, {"valueInteger", plan.revision}},
                     {{"url", own("summary")}, {"valueReference", {{"reference", "#summary"}}}}});
    add_text(resource, "amended", "valueDateTime", plan.amended);
    add_text(resource, "author", "valueString", plan.author);
    add_text(resource, "approver", "valueString", plan.approver);
    add_text(resource, "approver-role", "valueCode", plan.approver_role);
    add_text(resource, "organisation", "valueString", plan.organisation);
    add_text(resource, "review", "valueDate", plan.review);
    add_text(resource, "status-date", "valueDateTime", plan.status_date);
    add_text(resource, "status-since", "valueDate", plan.status_since);
    add_text(resource, "status-by", "valueString", plan.status_by);
    add_text(resource, "status-organisation", "valueString", plan.status_organisation);
    add_text(resource, "status-reason", "valueString", plan.status_reason);
    if (!plan.consent_id.empty())
        resource["extension"].push_back(
            {{"url", own("consent")}, {"valueReference", {{"reference", "Consent/" + plan.consent_id}}}});
    if (!data_set.plan_type.code.empty())
        resource["category"] = Json::array({{{"coding", Json::array({write_coding(data_set.plan_type)})}}});
    Json subject = {{"identifier", {{"system", nhs_number_system}, {"value", plan.nhs_number}}}};
    if (!plan.patient_reference.empty()) subject["reference"] = plan.patient_reference;
    resource["subject"] = std::move(subject);
    if (!plan.created.empty()) resource["created"] = plan.created;
    resource["supportingInfo"] =
        Json::array({{{"reference", "QuestionnaireResponse/" + plan.revision_id},
                      {"identifier", {{"system", own("revision-id")}, {"value", plan.revision_id}}}}});
    return resource;
}

Answers read_revision(const DataSet& data_set, const nlohmann::json& questionnaire_response) {
    check_type(questionnaire_response, "QuestionnaireResponse");
    if (is_redacted(questionnaire_response))
        throw std::invalid_argument("What the revision says is not given out now.");
    const std::string canonical = text_of(questionnaire_response, "questionnaire");
    // A response may name its Questionnaire without a version.
    if (canonical != data_set.canonical() && canonical != data_set.url)
        throw std::invalid_argument("The revision answers the data set " + canonical + ", not " +
                                    data_set.canonical() + ".");
    return named(data_set, read_answers(data_set, questionnaire_response));
}

nlohmann::json operation_outcome(const std::vector<Issue>& issues) {
    Json list = Json::array();
    for (const Issue& issue : issues) {
        const char* severity = "information";
        if (issue.severity == Severity::error) severity = "error";
        if (issue.severity == Severity::warning) severity = "warning";
        Json written = {{"severity", severity},
                        {"code", issue.code.empty() ? "processing" : issue.code},
                        {"details", {{"text", issue.words}}}};
        if (!issue.link_id.empty())
            written["expression"] =
                Json::array({"QuestionnaireResponse.descendants().where(linkId='" + issue.link_id + "')"});
        list.push_back(std::move(written));
    }
    if (list.empty())
        list.push_back(
            {{"severity", "information"}, {"code", "informational"}, {"details", {{"text", "All well."}}}});
    return {{"resourceType", "OperationOutcome"}, {"issue", std::move(list)}};
}

}  // namespace careplug::plan::fhir
