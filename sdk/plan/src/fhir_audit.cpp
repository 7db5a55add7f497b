#include <careplug/plan/audit.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/relationship.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "json_reading.h"

namespace careplug::plan {

namespace {

struct Kind {
    const char* code;
    const char* action;  // FHIR: C, R, U, E
};

constexpr std::array<Kind, 10> kinds{{{audit_kind::board, "R"},
                                      {audit_kind::open, "R"},
                                      {audit_kind::read, "R"},
                                      {audit_kind::reveal, "R"},
                                      {audit_kind::edit, "U"},
                                      {audit_kind::submit, "U"},
                                      {audit_kind::flag, "E"},
                                      {audit_kind::break_glass, "R"},
                                      {audit_kind::audit, "E"},
                                      {audit_kind::log_broken, "E"}}};

constexpr std::size_t most_patients = 1000;

const Kind* find(std::string_view kind) {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& each) { return each.code == kind; });
    return found == kinds.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(const std::string& sentence) {
    throw std::invalid_argument(sentence);
}

void check_text(const std::string& text) {
    if (text.size() > longest_audit_text) refuse("A text of the AuditEvent is longer than 1000 bytes.");
}

Json agent_of(const Actor& actor) {
    Json agent{{"role", Json::array({{{"coding", {{{"system", own("role")}, {"code", actor.role}}}}}})},
               {"who",
                {{"identifier", {{"system", own("issuer:") + actor.issuer}, {"value", actor.subject}}},
                 {"display", actor.words()}}},
               {"name", actor.name},
               {"requestor", true}};
    for (const auto& [name, text] : {std::pair{"organisation", actor.organisation},
                                     std::pair{"organisation-name", actor.organisation_name}})
        if (!text.empty()) agent["extension"].push_back({{"url", own(name)}, {"valueString", text}});
    if (actor.senior) agent["extension"].push_back({{"url", own("senior")}, {"valueBoolean", true}});
    return agent;
}

Actor read_agent(const Json& agent) {
    Actor actor;
    const Json& who = member(agent, "who");
    const std::string system = text_of(member(who, "identifier"), "system");
    const std::string prefix = own("issuer:");
    if (system.starts_with(prefix)) actor.issuer = system.substr(prefix.size());
    actor.subject = text_of(member(who, "identifier"), "value");
    actor.name = text_of(agent, "name");
    actor.role = text_of(first_of(first_of(agent, "role"), "coding"), "code");
    actor.organisation = extension_text(agent, own("organisation"));
    actor.organisation_name = extension_text(agent, own("organisation-name"));
    actor.senior = extension_text(agent, own("senior")) == "true";
    if (actor.issuer.empty() || actor.subject.empty()) refuse("The AuditEvent does not say who it was.");
    return actor;
}

Json detail(const char* type, const std::string& text) {
    return {{"type", type}, {"valueString", text}};
}

}  // namespace

bool known_audit_kind(std::string_view kind) {
    return find(kind) != nullptr;
}

namespace fhir {

nlohmann::json write_audit_event(const AuditRecord& record) {
    const Kind* kind = find(record.kind);
    Json event{
        {"resourceType", "AuditEvent"},
        {"id", record.id},
        {"type", {{"system", "http://terminology.hl7.org/CodeSystem/audit-event-type"}, {"code", "rest"}}},
        {"subtype", Json::array({{{"system", own("audit")}, {"code", record.kind}}})},
        {"action", kind == nullptr ? "E" : kind->action},
        {"recorded", record.when},
        {"outcome", "0"},
        {"agent", Json::array({agent_of(record.actor)})},
        {"source", {{"observer", {{"display", "careplug-engine"}}}}}};
    if (!record.site.empty()) event["source"]["site"] = record.site;
    if (raises_alert(record.basis))
        event["purposeOfEvent"] =
            Json::array({{{"coding",
                           {{{"system", "http://terminology.hl7.org/CodeSystem/v3-ActReason"},
                             {"code", record.basis == basis::break_glass ? "BTG" : "TREAT"}}}}}});
    Json about = Json::array();
    if (!record.basis.empty()) about.push_back(detail("basis", record.basis));
    if (!record.reason.empty()) about.push_back(detail("reason", record.reason));
    if (!record.detail.empty()) about.push_back(detail("detail", record.detail));
    for (const auto& number : record.patients)
        event["entity"].push_back(
            {{"what", {{"identifier", {{"system", nhs_number_system}, {"value", number}}}}},
             {"type",
              {{"system", "http://terminology.hl7.org/CodeSystem/audit-entity-type"}, {"code", "1"}}}});
    if (!about.empty()) {
        if (record.patients.empty()) event["entity"] = Json::array({{{"name", "careplug"}}});
        event["entity"][0]["detail"] = std::move(about);
    }
    if (!record.log.empty())
        event["extension"] = Json::array(
            {{{"url", own("audit-log")},
              {"extension", Json::array({{{"url", "id"}, {"valueString", record.log}},
                                         {{"url", "sequence"}, {"valueInteger", record.log_sequence}}})}}});
    return event;
}

AuditRecord read_audit_event(const nlohmann::json& event) {
    if (text_of(event, "resourceType") != "AuditEvent") refuse("This is no AuditEvent.");
    AuditRecord record;
    record.id = text_of(event, "id");
    for (const Json& each : list_of(event, "subtype"))
        if (text_of(each, "system") == own("audit")) record.kind = text_of(each, "code");
    if (!known_audit_kind(record.kind)) refuse("The AuditEvent's subtype is none that is known here.");
    record.when = text_of(event, "recorded");
    if (record.when.empty()) refuse("The AuditEvent does not say when it was recorded.");
    record.actor = read_agent(first_of(event, "agent"));
    record.site = text_of(member(event, "source"), "site");
    for (const Json& entity : list_of(event, "entity")) {
        const Json& identifier = member(member(entity, "what"), "identifier");
        if (text_of(identifier, "system") == nhs_number_system) {
            const auto number = parse_nhs_number(text_of(identifier, "value"));
            if (!number.valid()) refuse("An NHS number of the AuditEvent is none.");
            record.patients.push_back(number.digits);
        }
        for (const Json& each : list_of(entity, "detail")) {
            const std::string type = text_of(each, "type");
            std::string& text = type == "basis"    ? record.basis
                                : type == "reason" ? record.reason
                                                   : record.detail;
            text = text_of(each, "valueString");
        }
    }
    if (record.patients.size() > most_patients) refuse("An AuditEvent names at most 1000 people.");
    for (const auto* extension : extensions(event, own("audit-log"))) {
        record.log = extension_text(*extension, "id");
        record.log_sequence = extension_integer(*extension, "sequence").value_or(0);
    }
    for (const std::string* text :
         {&record.basis, &record.reason, &record.detail, &record.site, &record.log, &record.when,
          &record.actor.name, &record.actor.subject, &record.actor.issuer, &record.actor.organisation,
          &record.actor.organisation_name})
        check_text(*text);
    return record;
}

void put_link(nlohmann::json& event, const ChainLink& link) {
    Json parts = Json::array({{{"url", "sequence"}, {"valueInteger", link.sequence}},
                              {{"url", "previous"}, {"valueString", link.previous}},
                              {{"url", "received"}, {"valueInstant", link.received}}});
    if (!link.sent_by.empty()) parts.push_back({{"url", "sent-by"}, {"valueString", link.sent_by}});
    if (!link.hash.empty()) parts.push_back({{"url", "hash"}, {"valueString", link.hash}});
    Json kept = Json::array();
    for (const Json& each : list_of(event, "extension"))
        if (text_of(each, "url") != own("audit-chain")) kept.push_back(each);
    kept.push_back({{"url", own("audit-chain")}, {"extension", std::move(parts)}});
    event["extension"] = std::move(kept);
}

ChainLink link_of(const nlohmann::json& event) {
    ChainLink link;
    for (const auto* extension : extensions(event, own("audit-chain"))) {
        link.sequence = extension_integer(*extension, "sequence").value_or(0);
        link.previous = extension_text(*extension, "previous");
        link.received = extension_text(*extension, "received");
        link.sent_by = extension_text(*extension, "sent-by");
        link.hash = extension_text(*extension, "hash");
    }
    return link;
}

std::string chained_text(nlohmann::json event) {
    ChainLink link = link_of(event);
    link.hash.clear();
    put_link(event, link);
    event.erase("meta");
    return event.dump();
}

}  // namespace fhir

}  // namespace careplug::plan
