#include "sending/shared_draft.h"

#include <nlohmann/json.hpp>

#include "editing/panel.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

constexpr const char* computer_url = "urn:x-local:careplug:draft-computer";

std::string etag_of(const json& resource) {
    return "W/\"" + resource.value("/meta/versionId"_json_pointer, std::string()) + "\"";
}

// How it is no draft any more.
std::optional<Copied> end_of(const json& resource) {
    const auto status = plan::fhir::revision_status_of(resource);
    if (status == plan::RevisionStatus::draft) return std::nullopt;
    return status == plan::RevisionStatus::approved ? Copied::taken_over : Copied::gone;
}

}  // namespace

std::string write_copy(const DraftCopy& copy) {
    return json{{"digits", copy.digits}, {"id", copy.id}, {"plan_id", copy.plan_id},
                {"etag", copy.etag},     {"at", copy.at}, {"items", copy.items}}
        .dump();
}

DraftCopy read_copy(const std::string& body) {
    const json document = json::parse(body);
    return {document.at("digits"), document.at("id"), document.at("plan_id"),
            document.at("etag"),   document.at("at"), document.at("items")};
}

std::string over_name(const std::string& id) {
    return "over-" + id;
}

std::string without_items(const std::string& copy) {
    json body = json::parse(copy);
    body["items"] = "";
    return body.dump();
}

Place copy_place(const std::string& author, const std::string& digits) {
    return {Drawer::draft, author, digits, "plan-copy"};
}

std::string computer_of(Store& store) {
    // Beside the drafts that carry it: what was last known goes with time.
    const Place place{Drawer::draft, "computer", "computer", "id"};
    if (const auto kept = store.get(place)) return kept->body;
    store.put_over(place, random_uuid(), now_ms(), 0);
    return store.get(place).value().body;
}

std::string computer_of(const json& response) {
    for (const auto& extension : response.value("extension", json::array()))
        if (extension.value("url", std::string()) == computer_url)
            return extension.value("valueString", std::string());
    return {};
}

Copied DraftCopies::write(const Kept& draft, DraftCopy& copy) {
    const json body = json::parse(draft.body);
    const plan::DataSet* data_set = catalogue_.find(body.at("data_set").get<std::string>());
    if (data_set == nullptr) return Copied::refused;
    plan::fhir::Revision revision{copy.id, copy.plan_id, identity_.actor, iso_time(draft.at), {}};
    revision.status = plan::RevisionStatus::draft;
    revision.answers = plan::fhir::read_answers(
        *data_set, {{"resourceType", "QuestionnaireResponse"}, {"item", body.at("answers")}});
    plan::fhir::Subject subject;
    subject.nhs_number = copy.digits;
    if (const std::string base = body.at("base_care_plan"); !base.empty()) {
        const auto before = plan::fhir::read_plan(*data_set, json::parse(base));
        revision.plan_id = copy.plan_id = before.id;
        revision.base_revision_id = before.revision_id;
        subject.reference = before.patient_reference;
        subject.nhs_number = before.nhs_number;
    }
    json resource = plan::fhir::write_revision(*data_set, revision, subject);
    resource["extension"].push_back({{"url", computer_url}, {"valueString", computer_}});
    // What its author cannot publish as it is may be decided by a colleague.
    if (not_shared(draft.body).conflict && !identity_.actor.organisation.empty())
        resource = plan::fhir::in_inbox(std::move(resource), identity_.actor.organisation);
    const Copied copied = put(resource, copy);
    if (copied == Copied::here) {
        copy.at = draft.at;
        copy.items = body.at("answers").dump();
    }
    return copied;
}

Copied DraftCopies::withdraw(DraftCopy& copy) {
    json resource;
    try {
        resource = exchange_.read("QuestionnaireResponse/" + copy.id, identity_.token);
    } catch (const Refused& refused) {
        return refused.gone() ? Copied::gone : Copied::refused;
    }
    if (computer_of(resource) != computer_ && etag_of(resource) != copy.etag) return Copied::elsewhere;
    if (plan::fhir::is_redacted(resource)) return Copied::refused;
    if (plan::fhir::revision_status_of(resource) != plan::RevisionStatus::draft) return Copied::gone;
    copy.etag = etag_of(resource);
    resource.erase("item");
    return put(plan::fhir::with_revision_status(std::move(resource), plan::RevisionStatus::withdrawn), copy);
}

Copied DraftCopies::look(const DraftCopy& copy) {
    try {
        const json now = exchange_.read("QuestionnaireResponse/" + copy.id, identity_.token);
        if (const auto ended = end_of(now)) return *ended;
        const bool here = computer_of(now) == computer_ || etag_of(now) == copy.etag;
        return here ? Copied::here : Copied::elsewhere;
    } catch (const Refused&) {
        // What is not there was not ended by its author: the exchange may have lost it.
        return Copied::refused;
    }
}

Copied DraftCopies::put(const json& resource, DraftCopy& copy) {
    constexpr int tries = 3;
    for (int attempt = 0; attempt < tries; ++attempt) {
        json request{{"method", "PUT"}, {"url", "QuestionnaireResponse/" + copy.id}};
        if (!copy.etag.empty()) request["ifMatch"] = copy.etag;
        const json transaction{{"resourceType", "Bundle"},
                               {"type", "transaction"},
                               {"entry", json::array({{{"resource", resource}, {"request", request}}})}};
        try {
            const json answer = exchange_.write("POST", "", transaction, identity_.token);
            copy.etag = answer.at("/entry/0/response/etag"_json_pointer).get<std::string>();
            return Copied::here;
        } catch (const Refused& refused) {
            if (!refused.conflict()) return Copied::refused;
        }
        // Another version is there: this computer's own, whose answer was lost, or another's.
        try {
            const json now = exchange_.read("QuestionnaireResponse/" + copy.id, identity_.token);
            if (const auto ended = end_of(now)) return *ended;
            if (computer_of(now) != computer_) return Copied::elsewhere;
            copy.etag = etag_of(now);
        } catch (const Refused& refused) {
            if (!refused.gone()) return Copied::refused;
            copy.etag.clear();  // the exchange lost it: written anew
        }
    }
    return Copied::refused;
}

}  // namespace careplug::engine
