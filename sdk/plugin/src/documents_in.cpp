#include <careplug/plan/fhir.h>
#include <nlohmann/json.hpp>

#include "documents.h"

namespace careplug::plugin {

using nlohmann::json;

namespace {

std::string member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? std::string() : found->get<std::string>();
}

bool flag(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && !found->is_null() && found->get<bool>();
}

std::uint32_t revision_of(const json& object) {
    const auto found = object.find("revision");
    return found == object.end() || found->is_null() ? 0 : found->get<std::uint32_t>();
}

const json* object_member(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return nullptr;
    if (!found->is_object())
        throw Refusal(CAREPLUG_REFUSED_ARGUMENT, std::string("'") + name + "' is not an object.");
    return &*found;
}

// The clinical core's sentences name what is wrong and quote no answer, so they may be passed on.
template <class Read>
auto in_its_words(Read read) {
    try {
        return read();
    } catch (const std::invalid_argument& wrong) {
        throw Refusal(CAREPLUG_REFUSED_ARGUMENT, wrong.what());
    }
}

}  // namespace

json parse_object(std::string_view document) {
    json parsed = in_its_words([&] { return plan::fhir::parse(document); });
    if (!parsed.is_object()) throw Refusal(CAREPLUG_REFUSED_ARGUMENT, "The document is not a JSON object.");
    return parsed;
}

Knowledge knowledge_of(std::string_view word) {
    if (word == "no-plan") return Knowledge::no_plan;
    if (word == "plan") return Knowledge::plan;
    if (word == "suspended") return Knowledge::suspended;
    if (word == "closed") return Knowledge::closed;
    if (word == "removed") return Knowledge::removed;
    return Knowledge::not_known;
}

Knowledge knowledge_of(std::int32_t abi_value) {
    switch (abi_value) {
        case CAREPLUG_KNOWLEDGE_NO_PLAN:
            return Knowledge::no_plan;
        case CAREPLUG_KNOWLEDGE_PLAN:
            return Knowledge::plan;
        case CAREPLUG_KNOWLEDGE_SUSPENDED:
            return Knowledge::suspended;
        case CAREPLUG_KNOWLEDGE_CLOSED:
            return Knowledge::closed;
        case CAREPLUG_KNOWLEDGE_REMOVED:
            return Knowledge::removed;
        default:
            return Knowledge::not_known;
    }
}

Session read_session(std::string_view document) {
    const json parsed = parse_object(document);
    Session session;
    session.view = member(parsed, "view");
    session.role = member(parsed, "role");
    session.senior = flag(parsed, "senior");
    session.may_edit = flag(parsed, "may_edit");
    session.may_publish = flag(parsed, "may_publish");
    session.may_note = flag(parsed, "may_note");
    if (const json* actor = object_member(parsed, "actor"))
        session.actor = {member(*actor, "sub"),
                         member(*actor, "iss"),
                         member(*actor, "name"),
                         member(*actor, "role"),
                         flag(*actor, "senior"),
                         member(*actor, "organisation"),
                         member(*actor, "organisation_name")};
    if (const auto sets = parsed.find("data_sets"); sets != parsed.end())
        for (const json& questionnaire : *sets)
            session.data_sets.push_back(
                in_its_words([&] { return plan::read_data_set(questionnaire.dump()); }));
    return session;
}

PolicyPatient read_patient(std::string_view document) {
    const json parsed = parse_object(document);
    PolicyPatient patient;
    patient.knowledge = knowledge_of(member(parsed, "knowledge"));
    patient.fresh = flag(parsed, "fresh");
    patient.own_draft = flag(parsed, "own_draft");
    patient.queued = flag(parsed, "queued");
    patient.revision = revision_of(parsed);
    if (parsed.contains("last_knowledge"))
        patient.last_knowledge = knowledge_of(member(parsed, "last_knowledge"));
    if (const auto may = parsed.find("may"); may != parsed.end() && may->is_array())
        for (const json& each : *may)
            if (each.is_string()) patient.may.push_back(each.get<std::string>());
    return patient;
}

Response read_response(const Session& session, const json& response, const plan::DataSet* fallback) {
    const std::string canonical = member(response, "questionnaire");
    const plan::DataSet* data_set = canonical.empty() ? fallback : session.find(canonical);
    if (data_set == nullptr)
        throw Refusal(
            CAREPLUG_REFUSED_ARGUMENT,
            "The answers belong to a data set that this session was not opened with. Open the session "
            "with the data set's Questionnaire.");
    return {data_set, in_its_words([&] { return plan::fhir::read_answers(*data_set, response); })};
}

PanelRequest read_panel_request(const Session& session, const json& document) {
    PanelRequest request;
    request.action = member(document, "action");
    const std::string canonical = member(document, "data_set");
    const plan::DataSet* usual = request.action == "note" ? session.contact_set() : session.plan_set();
    request.data_set = canonical.empty() || request.action == "note" ? usual : session.find(canonical);
    if (request.data_set == nullptr)
        throw Refusal(
            CAREPLUG_REFUSED_ARGUMENT,
            "The form needs a data set that this session was not opened with. Open the session with the "
            "data set's Questionnaire.");
    // A note writes no answers of the plan, so the plan is not read for it.
    if (request.action != "note")
        if (const json* published = object_member(document, "published"))
            request.published = read_response(session, *published, request.data_set).answers;
    if (const json* draft = object_member(document, "draft")) {
        Response kept = read_response(session, *draft, request.data_set);
        if (request.action != "note" || kept.data_set == request.data_set)
            request.draft = std::move(kept.answers);
    }
    request.record = object_member(document, "record");
    return request;
}

PlanDocument read_plan(const Session& session, std::string_view document) {
    const json parsed = parse_object(document);
    const json* header = object_member(parsed, "header");
    const json* response = object_member(parsed, "response");
    if (header == nullptr || response == nullptr)
        throw Refusal(CAREPLUG_REFUSED_ARGUMENT, "A plan needs its header and its response.");
    PlanDocument plan;
    plan.revision = revision_of(*header);
    plan.amended = member(*header, "amended");
    plan.checked = member(*header, "checked");
    plan.author = member(*header, "author");
    plan.approver = member(*header, "approver");
    plan.status = member(*header, "status");
    Response read = read_response(session, *response, session.plan_set());
    plan.data_set = read.data_set;
    plan.answers = std::move(read.answers);
    return plan;
}

}  // namespace careplug::plugin
