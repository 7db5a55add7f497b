#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/proposal.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "json_reading.h"
#include "local_codes.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* issuer_system = "urn:x-local:careplug:issuer:";
constexpr const char* propose_code = "propose-change";
constexpr const char* question_code = "question";
constexpr const char* answers_code = "proposed-answers";
constexpr const char* revision_code = "revision";

constexpr std::array<std::pair<ProposalStatus, const char*>, 4> statuses{
    {{ProposalStatus::requested, "requested"},
     {ProposalStatus::taken, "completed"},
     {ProposalStatus::declined, "rejected"},
     {ProposalStatus::taken_back, "cancelled"}}};

const char* code_of(ProposalStatus status) {
    for (const auto& [each, text] : statuses)
        if (each == status) return text;
    return "requested";
}

std::string id_after(const std::string& reference, const std::string& prefix) {
    return reference.starts_with(prefix) ? reference.substr(prefix.size()) : std::string();
}

Json person(const std::string& key, const std::string& words) {
    const auto bar = key.find('|');
    return {{"identifier", {{"system", issuer_system + key.substr(0, bar)}, {"value", key.substr(bar + 1)}}},
            {"display", words}};
}

const Json& answers_of(const Json& task) {
    static const Json none;
    for (const Json& contained : list_of(task, "contained"))
        if (text_of(contained, "id") == "answers") return contained;
    return none;
}

}  // namespace

nlohmann::json write_proposal(const DataSet& data_set, const Proposal& proposal) {
    Json subject = {{"identifier", {{"system", nhs_number_system}, {"value", proposal.nhs_number}}},
                    {"reference", proposal.patient_reference}};
    Json answers = {{"resourceType", "QuestionnaireResponse"},
                    {"id", "answers"},
                    {"questionnaire", proposal.data_set},
                    {"status", "completed"},
                    {"subject", subject},
                    {"authored", proposal.authored}};
    if (Json items = write_items(data_set, proposal.answers); !items.empty())
        answers["item"] = std::move(items);
    Json input = Json::array();
    for (const auto& link_id : proposal.questions)
        input.push_back({{"type", coded(question_code)}, {"valueString", link_id}});
    input.push_back({{"type", coded(answers_code)}, {"valueReference", {{"reference", "#answers"}}}});
    return {{"resourceType", "Task"},
            {"id", proposal.id},
            {"contained", Json::array({std::move(answers)})},
            {"status", code_of(proposal.status)},
            {"intent", "proposal"},
            {"code", coded(propose_code)},
            {"focus", {{"reference", "CarePlan/" + proposal.plan_id}}},
            {"for", std::move(subject)},
            {"authoredOn", proposal.authored},
            {"requester", person(proposal.author_key, proposal.author)},
            {"input", std::move(input)}};
}

bool is_proposal(const nlohmann::json& task) {
    return text_of(task, "resourceType") == "Task" && has_code(member(task, "code"), propose_code);
}

std::string data_set_of_proposal(const nlohmann::json& task) {
    return text_of(answers_of(task), "questionnaire");
}

Proposal read_proposal(const DataSet& data_set, const nlohmann::json& task) {
    if (!is_proposal(task)) throw std::invalid_argument("This is not a Task that proposes a change.");
    Proposal read;
    read.id = text_of(task, "id");
    read.plan_id = id_after(text_of(member(task, "focus"), "reference"), "CarePlan/");
    const Json& subject = member(task, "for");
    read.patient_reference = text_of(subject, "reference");
    if (const Json& number = member(subject, "identifier"); text_of(number, "system") == nhs_number_system)
        read.nhs_number = text_of(number, "value");
    if (read.plan_id.empty() || read.nhs_number.empty())
        throw std::invalid_argument("The Task does not name its plan and its person (focus, for).");
    bool known = false;
    for (const auto& [status, text] : statuses)
        if (text_of(task, "status") == text) {
            read.status = status;
            known = true;
        }
    if (!known) throw std::invalid_argument("The Task has a status that a proposal cannot have.");
    read.authored = text_of(task, "authoredOn");
    const Json& requester = member(task, "requester");
    const Json& who = member(requester, "identifier");
    read.author = text_of(requester, "display");
    read.author_key = id_after(text_of(who, "system"), issuer_system) + "|" + text_of(who, "value");
    for (const Json& input : list_of(task, "input"))
        if (has_code(member(input, "type"), question_code))
            read.questions.push_back(text_of(input, "valueString"));
    if (const Json& answers = answers_of(task); answers.is_object()) {
        read.data_set = text_of(answers, "questionnaire");
        if (read.data_set != data_set.canonical())
            throw std::invalid_argument("The Task answers another Questionnaire.");
        read.answers = read_answers(data_set, answers);
    }
    const Json& owner = member(task, "owner");
    read.decided_by = text_of(owner, "display");
    read.decided = text_of(task, "lastModified");
    read.reason = text_of(member(task, "statusReason"), "text");
    for (const Json& output : list_of(task, "output"))
        if (has_code(member(output, "type"), revision_code))
            read.revision_id =
                id_after(text_of(member(output, "valueReference"), "reference"), "QuestionnaireResponse/");
    if (const std::string version = text_of(member(task, "meta"), "versionId"); !version.empty())
        read.etag = "W/\"" + version + "\"";
    return read;
}

nlohmann::json redacted_proposal(const nlohmann::json& task) {
    Json made = Json::object();
    for (const char* name : {"resourceType", "id", "status", "intent", "code", "focus", "for", "authoredOn"})
        if (const Json& value = member(task, name); !value.is_null()) made[name] = value;
    const Json& meta = member(task, "meta");
    made["meta"] = meta.is_object() ? meta : Json::object();
    made["meta"]["security"] = Json::array(
        {{{"system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"}, {"code", "REDACTED"}}});
    return made;
}

nlohmann::json decided_proposal(nlohmann::json task, ProposalStatus status, const Actor& by,
                                const std::string& when, const std::string& reason,
                                const std::string& revision_id) {
    task.erase("meta");
    task["status"] = code_of(status);
    task["lastModified"] = when;
    task["owner"] = person(by.issuer + "|" + by.subject, by.words());
    if (!reason.empty()) task["statusReason"] = {{"text", reason}};
    if (!revision_id.empty())
        task["output"] =
            Json::array({{{"type", coded(revision_code)},
                          {"valueReference", {{"reference", "QuestionnaireResponse/" + revision_id}}}}});
    return task;
}

std::vector<std::string> proposals_in(const nlohmann::json& questionnaire_response) {
    std::vector<std::string> ids;
    for (const Json* extension : extensions(questionnaire_response, own("proposal")))
        if (const auto id = id_after(text_of(member(*extension, "valueReference"), "reference"), "Task/");
            !id.empty())
            ids.push_back(id);
    return ids;
}

}  // namespace careplug::plan::fhir
