#include "sending/proposal_sender.h"

#include <careplug/plan/fhir.h>
#include <careplug/plan/proposal.h>

#include <nlohmann/json.hpp>

namespace careplug::engine {

using nlohmann::json;

namespace {

json put_task(const json& task, const std::string& etag) {
    json request{{"method", "PUT"}, {"url", "Task/" + task.value("id", std::string())}};
    if (!etag.empty()) request["ifMatch"] = etag;
    return {{"resource", task}, {"request", std::move(request)}};
}

json empty_transaction() {
    return {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", json::array()}};
}

bool is_there(Exchange& exchange, const Identity& identity, const std::string& reference) {
    try {
        exchange.read(reference, identity.token);
        return true;
    } catch (const Refused&) {
        return false;
    }
}

}  // namespace

SendResult not_accepted(const Refused& refused) {
    SendResult result;
    if (refused.status == 401) {
        result.identity_refused = true;
        result.sentence = refused.what();
        return result;
    }
    if (refused.status == 408 || refused.status == 429) return result;
    result.kind = SendResult::Kind::refused;
    result.status = refused.status == 403 ? CAREPLUG_REFUSED_ROLE : CAREPLUG_REFUSED_INVALID;
    result.sentence = std::string("NOT shared: ") + refused.what();
    return result;
}

json proposed(const Change& change) {
    return change.proposals.empty() ? json::array() : json::parse(change.proposals);
}

void add_proposed(const Change& change, json& transaction) {
    for (const json& task : proposed(change)) transaction["entry"].push_back(put_task(task, ""));
}

void add_taken(Exchange& exchange, const Catalogue& catalogue, const Identity& identity, const Change& change,
               const std::vector<std::string>& ids, json& transaction) {
    for (const auto& id : ids) {
        try {
            const json task = exchange.read("Task/" + id, identity.token);
            const auto* data_set = catalogue.find(plan::fhir::data_set_of_proposal(task));
            if (data_set == nullptr) continue;
            const auto now = plan::fhir::read_proposal(*data_set, task);
            if (now.status != plan::ProposalStatus::requested) continue;
            transaction["entry"].push_back(
                put_task(plan::fhir::decided_proposal(task, plan::ProposalStatus::taken, identity.actor,
                                                      change.authored, "", change.revision_id),
                         now.etag));
        } catch (const Refused& refused) {
            if (!refused.gone()) throw;
        }
    }
}

SendResult send_proposals(Exchange& exchange, const Identity& identity, const Change& change) {
    const json tasks = proposed(change);
    json transaction = empty_transaction();
    add_proposed(change, transaction);
    try {
        exchange.write("POST", "", transaction, identity.token);
    } catch (const Refused& refused) {
        // The ids are this change's own: where one is there, an earlier try was saved.
        if (!is_there(exchange, identity, "Task/" + tasks.at(0).value("id", std::string())))
            return not_accepted(refused);
    }
    SendResult result;
    result.kind = SendResult::Kind::done;
    result.theirs_care_plan = change.base_care_plan;
    result.sentence =
        "Sent to your care team. Your plan changes when they agree; you read their answer here.";
    return result;
}

SendResult decide_proposal(Exchange& exchange, const Catalogue& catalogue, const Identity& identity,
                           const Change& change, const std::string& reason) {
    const auto to = change.intent == CAREPLUG_INTENT_WITHDRAW ? plan::ProposalStatus::taken_back
                                                              : plan::ProposalStatus::declined;
    const json task = exchange.read("Task/" + change.proposal, identity.token);
    const auto* data_set = catalogue.find(plan::fhir::data_set_of_proposal(task));
    if (data_set == nullptr) throw BadAnswer("the suggestion was made in a form that is not known here");
    const auto now = plan::fhir::read_proposal(*data_set, task);
    SendResult result;
    result.kind = SendResult::Kind::done;
    result.sentence = to == plan::ProposalStatus::declined
                          ? "Declined. The patient reads your reason; the plan stays as it is."
                          : "Your suggestion was taken back.";
    if (now.status == to) return result;
    if (const auto decision = plan::may_decide(now, to, identity.actor); !decision) {
        result.kind = SendResult::Kind::refused;
        result.status =
            decision.refusal == plan::Decision::Refusal::role ? CAREPLUG_REFUSED_ROLE : CAREPLUG_REFUSED;
        result.sentence = "NOT shared: " + decision.sentence;
        return result;
    }
    json transaction = empty_transaction();
    transaction["entry"].push_back(put_task(
        plan::fhir::decided_proposal(task, to, identity.actor, change.authored, reason, ""), now.etag));
    try {
        exchange.write("POST", "", transaction, identity.token);
    } catch (const Refused& problem) {
        // Somebody decided in between: looked at again with the next try.
        if (problem.conflict()) return {};
        return not_accepted(problem);
    }
    return result;
}

}  // namespace careplug::engine
