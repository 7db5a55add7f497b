#include "sending/outbox.h"

#include <nlohmann/json.hpp>

#include "editing/state_form.h"

namespace careplug::engine {

using nlohmann::json;

Panel::Mode mode_of(const Change& change) {
    if (change.intent == CAREPLUG_INTENT_NOTE) return Panel::Mode::note;
    if (change.intent == accept_intent) return Panel::Mode::history;
    return state_form_of(change.intent) != nullptr ? Panel::Mode::state : Panel::Mode::edit;
}

json write_accepted(const plan::fhir::Accepted& accepted) {
    return {{"revision", accepted.revision}, {"version", accepted.version}, {"notes", accepted.notes}};
}

plan::fhir::Accepted read_accepted(const json& accepted) {
    plan::fhir::Accepted read;
    if (accepted.is_number_unsigned()) read.revision = accepted.get<std::uint32_t>();
    if (!accepted.is_object()) return read;
    accepted.at("revision").get_to(read.revision);
    accepted.at("version").get_to(read.version);
    accepted.at("notes").get_to(read.notes);
    return read;
}

std::string write_change(const Change& change) {
    const auto& subject = change.subject;
    return json{{"id", change.id},
                {"intent", change.intent},
                {"digits", change.digits},
                {"data_set", change.data_set},
                {"plan_id", change.plan_id},
                {"revision_id", change.revision_id},
                {"authored", change.authored},
                {"subject",
                 {subject.nhs_number, subject.family, subject.given, subject.birth_date, subject.gender,
                  subject.address, subject.reference}},
                {"base_care_plan", change.base_care_plan},
                {"base_items", change.base_items},
                {"items", change.items},
                {"draft", change.draft},
                {"submission", change.submission},
                {"proposals", change.proposals},
                {"taken", change.taken},
                {"proposal", change.proposal},
                {"accepted", write_accepted(change.accepted)},
                {"attempted", change.attempted},
                {"basis", change.basis},
                {"reason", change.reason},
                {"claimed", change.claimed}}
        .dump();
}

Change read_change(const std::string& body) {
    const json document = json::parse(body);
    Change change;
    document.at("id").get_to(change.id);
    document.at("intent").get_to(change.intent);
    document.at("digits").get_to(change.digits);
    document.at("data_set").get_to(change.data_set);
    document.at("plan_id").get_to(change.plan_id);
    document.at("revision_id").get_to(change.revision_id);
    document.at("authored").get_to(change.authored);
    const json& subject = document.at("subject");
    std::string* const parts[] = {&change.subject.nhs_number, &change.subject.family, &change.subject.given,
                                  &change.subject.birth_date, &change.subject.gender, &change.subject.address,
                                  &change.subject.reference};
    for (std::size_t at = 0; at < std::size(parts); ++at) subject.at(at).get_to(*parts[at]);
    document.at("base_care_plan").get_to(change.base_care_plan);
    document.at("base_items").get_to(change.base_items);
    document.at("items").get_to(change.items);
    document.at("draft").get_to(change.draft);
    change.submission = document.value("submission", std::string());
    change.proposals = document.value("proposals", std::string());
    change.taken = document.value("taken", std::vector<std::string>());
    change.proposal = document.value("proposal", std::string());
    change.accepted = read_accepted(document.value("accepted", json()));
    document.at("attempted").get_to(change.attempted);
    // Not there in what an earlier release queued.
    change.basis = document.value("basis", std::string());
    change.reason = document.value("reason", std::string());
    change.claimed = document.value("claimed", std::int64_t{0});
    return change;
}

std::string write_outcome(const SendResult& result) {
    return json{{"kind", static_cast<int>(result.kind)},
                {"status", result.status},
                {"sentence", result.sentence},
                {"revision", result.revision}}
        .dump();
}

SendResult read_outcome_of_change(const std::string& body) {
    const json document = json::parse(body);
    SendResult result;
    result.kind = static_cast<SendResult::Kind>(document.at("kind").get<int>());
    document.at("status").get_to(result.status);
    document.at("sentence").get_to(result.sentence);
    document.at("revision").get_to(result.revision);
    return result;
}

}  // namespace careplug::engine
