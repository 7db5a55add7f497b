#include "state_alone.h"

#include <careplug/plan/fhir.h>

#include <algorithm>

#include "disclosure.h"
#include "rule_context.h"
#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

bool is_of_state(const json& extension) {
    const auto url = text_of(extension, "url");
    return url.starts_with("urn:x-local:careplug:status-") || url == "urn:x-local:careplug:consent";
}

void copy_extensions(const json& from, bool of_state, json& into) {
    for (const json* extension : elements_at(from, "extension"))
        if (is_of_state(*extension) == of_state) into.push_back(*extension);
}

json with_state_of(const json& kept, const json& asked) {
    json made = kept;
    made["status"] = asked.value("status", json());
    json extensions = json::array();
    copy_extensions(kept, false, extensions);
    copy_extensions(asked, true, extensions);
    made["extension"] = std::move(extensions);
    return made;
}

WriteRequest* find(std::vector<WriteRequest>& requests, const std::string& type, const std::string& id) {
    const auto found = std::find_if(requests.begin(), requests.end(), [&](const WriteRequest& each) {
        return !each.is_create && each.type->name == type && each.id == id;
    });
    return found == requests.end() ? nullptr : &*found;
}

}  // namespace

void keep_withheld_content(const plan::Actor& actor, const DataSets& data_sets, Transaction& transaction,
                           ParsedBodies& bodies, std::vector<WriteRequest>& requests) {
    if (!plan::may_view(actor)) return;
    Disclosure disclosure(transaction, data_sets, actor);
    std::vector<WriteRequest> flags;
    for (auto& request : requests) {
        if (request.is_create || request.type->name != "CarePlan") continue;
        const auto before = transaction.read("CarePlan", request.id);
        if (!before || !disclosure.withholds_plan(request.id)) continue;
        const auto kept = bodies.of(*before);
        const auto status = plan::plan_status(text_of(*kept, "status"));
        if (kept->value("supportingInfo", json()) != request.body.value("supportingInfo", json()))
            refuse_rule("A plan that is " + plan::words(status) + " takes no new revision: reopen it first.");
        const auto* data_set = data_sets.find(plan::fhir::data_set_of(*kept));
        if (data_set == nullptr) continue;
        request.body = with_state_of(*kept, request.body);
        const auto was = plan::fhir::read_plan(*data_set, *kept);
        const auto now = understood([&] { return plan::fhir::read_plan(*data_set, request.body); });
        if (was.status == now.status) continue;
        // Made by someone who sees nothing of what they stand for.
        for (auto& each : requests)
            if (each.type->name == "Flag" && each.id.starts_with(request.id + "-"))
                each.body["status"] = "inactive";
        for (auto& flag : plan::fhir::flag_resources(*data_set, &was, now, instant(transaction.now()),
                                                     day(transaction.now()))) {
            WriteRequest made;
            made.type = &resource_type("Flag");
            made.id = text_of(flag, "id");
            made.body = std::move(flag);
            flags.push_back(std::move(made));
        }
    }
    // Appended after those that were asked for, so that each of these keeps its place in the answer.
    for (auto& flag : flags) {
        if (auto* asked = find(requests, "Flag", flag.id))
            asked->body = std::move(flag.body);
        else
            requests.push_back(std::move(flag));
    }
}

}  // namespace careplug::exchange
