#include "audit_log.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/relationship.h>
#include <openssl/sha.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "identifiers.h"
#include "problem.h"
#include "resource_writer.h"
#include "rules.h"
#include "search_index.h"
#include "service.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

std::string sha256(const std::string& text) {
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
    std::string hex;
    constexpr char digits[] = "0123456789abcdef";
    for (const unsigned char byte : hash) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

plan::AuditRecord understood(const json& body) {
    try {
        return plan::fhir::read_audit_event(body);
    } catch (const std::invalid_argument& problem) {
        throw Problem(422, "invalid", problem.what());
    }
}

plan::ChainLink next_link(Transaction& transaction) {
    History newest;
    newest.type = "AuditEvent";
    newest.count = 1;
    const auto found = transaction.history(newest);
    plan::ChainLink link;
    link.sequence = 1;
    link.previous = sha256(plan::fhir::chain_begins);
    if (!found.empty()) {
        const auto before = plan::fhir::link_of(json::parse(found.front().body));
        link.sequence = before.sequence + 1;
        link.previous = before.hash;
    }
    link.received = instant(transaction.now());
    return link;
}

// Without any identity but the event's.
void tell_privacy_officer(Transaction& transaction, const plan::AuditRecord& record) {
    json alert{
        {"resourceType", "Communication"},
        {"id", new_uuid()},
        {"status", "completed"},
        {"category",
         json::array(
             {{{"coding",
                json::array({{{"system", "http://terminology.hl7.org/CodeSystem/communication-category"},
                              {"code", "alert"}}})}}})},
        {"reasonCode", json::array({{{"coding", json::array({{{"system", "urn:x-local:careplug:basis"},
                                                              {"code", record.basis}}})}}})},
        {"about", json::array({{{"reference", "AuditEvent/" + record.id}}})},
        {"sent", instant(transaction.now())},
        {"recipient", json::array({{{"display", "Privacy officer"}}})}};
    put_resource(transaction, resource_type("Communication"), alert, std::nullopt, author_key(record.actor));
}

// The same event as it is kept, apart from what the exchange added.
bool is_same(const plan::AuditRecord& one, const plan::AuditRecord& other) {
    return plan::fhir::write_audit_event(one) == plan::fhir::write_audit_event(other);
}

// What opens a plan is the opening of a record; of one, and with a reason, where the privacy officer is told
// (hazard H9).
void check_claim(const plan::AuditRecord& record) {
    if (record.basis.empty() || !control::on("H9.claim-is-an-opening")) return;
    const bool emergency = record.basis == plan::basis::break_glass;
    if (record.kind != (emergency ? plan::audit_kind::break_glass : plan::audit_kind::open))
        throw Problem(422, "business-rule", "A basis belongs to the opening of a record.");
    if (!plan::raises_alert(record.basis)) return;
    if (record.patients.size() != 1)
        throw Problem(422, "business-rule",
                      "This basis opens the record of one person: name that person alone.");
    if (record.reason.empty())
        throw Problem(422, "business-rule", "This basis needs a reason: say why the record was opened.");
}

// Chained to the event before it.
Version put_event(Transaction& transaction, const plan::AuditRecord& record, const plan::Actor& sender) {
    const bool own = record.actor.subject == sender.subject;
    auto event = plan::fhir::write_audit_event(record);
    auto link = next_link(transaction);
    if (!own) link.sent_by = sender.words();
    plan::fhir::put_link(event, link);
    link.hash = sha256(plan::fhir::chained_text(event));
    plan::fhir::put_link(event, link);
    event["meta"] = {{"versionId", "1"}, {"lastUpdated", instant(transaction.now())}};
    auto terms = terms_of(resource_type("AuditEvent"), event);
    // Another's claim, sent later, opens nothing.
    if (own && !record.basis.empty())
        for (const auto& number : record.patients) terms.push_back(claim_of(sender, number, record.basis));
    return transaction.put("AuditEvent", record.id, 1, author_key(sender), event.dump(), terms);
}

// The people who were asked for, and in words what else; never an NHS number in the words.
void describe(const Request& request, const QueryParameters& parameters, plan::AuditRecord& record) {
    std::string words;
    for (const auto& part : request.path)
        if (part != "_search") words += (words.empty() ? "" : "/") + part;
    char before = '?';
    for (const auto& [name, value] : parameters) {
        if (name.starts_with("patient")) {
            for (std::size_t at = 0; at < value.size();) {
                const std::string one = value.substr(at, value.find(',', at) - at);
                const auto number = plan::parse_nhs_number(one.substr(one.find('|') + 1));
                if (number.valid()) record.patients.push_back(number.digits);
                at += one.size() + 1;
            }
            continue;
        }
        words += before + name + "=" + value;
        before = '&';
    }
    // As whoever asked wrote it, which need not be text.
    for (char& letter : words)
        if (letter < ' ' || letter > '~') letter = '?';
    constexpr std::size_t longest = 1000;
    record.detail = words.substr(0, longest);
}

}  // namespace

Term claim_of(const plan::Actor& actor, const std::string& nhs_number, const std::string& basis) {
    return {"AuditEvent.claim", basis, author_key(actor) + "|" + nhs_number};
}

Response AuditLog::append(const Request& request, const plan::Actor& actor) {
    auto record = understood(parse_body(request.content_type, request.body));
    if (request.method == "PUT" && record.id != request.path[1])
        throw Problem(400, "invalid", "The body's id is not that of the address.");
    if (request.method == "POST") record.id = new_uuid();
    if (!is_resource_id(record.id))
        throw Problem(400, "value", "An id has 1 to 64 letters, digits, hyphens and dots.");
    if (record.actor.issuer != actor.issuer)
        throw Problem(403, "forbidden", "A host sends the AuditEvents of its own people alone.");
    const bool own = record.actor.subject == actor.subject;
    // What the token says counts, whatever the body says.
    if (own) record.actor = actor;

    const auto transaction = store_.begin();
    if (const auto kept = transaction->read("AuditEvent", record.id)) {
        if (!is_same(plan::fhir::read_audit_event(json::parse(kept->body)), record))
            throw Problem(409, "conflict", "An AuditEvent is never changed.");
        return response_of_write(*kept, 200, base_);
    }
    check_claim(record);
    const auto version = put_event(*transaction, record, actor);
    if (plan::raises_alert(record.basis)) tell_privacy_officer(*transaction, record);
    transaction->commit();
    events_.announce();
    return response_of_write(version, 201, base_);
}

bool AuditLog::goes_on(const Request& request, const QueryParameters& parameters, const plan::Actor& actor) {
    constexpr auto longest_pause = std::chrono::minutes(10);
    const bool page = std::any_of(parameters.begin(), parameters.end(),
                                  [](const auto& each) { return each.first == "_cursor"; });
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    auto& last = asked_[author_key(actor) + "|" + request.path[0]];
    const bool just_now = last.time_since_epoch().count() != 0 && now - last < longest_pause;
    last = now;
    return page && just_now;
}

void AuditLog::note_reading(const Request& request, const QueryParameters& parameters,
                            const plan::Actor& actor) {
    if (goes_on(request, parameters, actor) || !control::on("H9.officer-audited")) return;
    plan::AuditRecord record;
    record.id = new_uuid();
    record.kind = plan::audit_kind::audit;
    record.actor = actor;
    describe(request, parameters, record);
    const auto transaction = store_.begin();
    record.when = instant(transaction->now());
    put_event(*transaction, record, actor);
    transaction->commit();
    events_.announce();
}

}  // namespace careplug::exchange
