#include "writing.h"

#include <careplug/controls/controls.h>
#include <algorithm>
#include <map>
#include <set>

#include "identifiers.h"
#include "own_edits.h"
#include "problem.h"
#include "provenance.h"
#include "search_index.h"
#include "search_query.h"
#include "state_alone.h"
#include "structure.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;
using References = std::map<std::string, std::string>;

void check_request(const WriteRequest& request) {
    const auto& name = request.type->name;
    if (name == "Provenance" && control::on("H9.provenance-from-token"))
        throw Problem(
            422, "business-rule",
            "Provenance is written by the exchange itself from the verified identity: leave it out.");
    if (!request.type->clients_write)
        throw Problem(405, "not-supported",
                      name + " is only read here: the exchange holds it by its settings.");
    const auto type = text_of(request.body, "resourceType");
    if (type != name)
        throw Problem(400, "invalid", "The body's resourceType is not that of the address (" + name + ").");
    if (!request.is_create && text_of(request.body, "id") != request.id)
        throw Problem(400, "invalid", "The body's id is not that of the address.");
    if (!request.is_create && !is_resource_id(request.id))
        throw Problem(400, "value", "An id has 1 to 64 letters, digits, hyphens and dots.");
    check_structure(*request.type, request.body);
}

// The existing resource of a conditional create.
std::optional<Version> existing(Transaction& transaction, const WriteRequest& request,
                                const std::string& base) {
    if (request.if_none_exist.empty()) return std::nullopt;
    auto found = transaction.search(read_condition(*request.type, request.if_none_exist, base));
    if (found.size() > 1)
        throw Problem(412, "multiple-matches",
                      "More than one " + request.type->name + " matches If-None-Exist: nothing was created.");
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

void resolve(json& value, const References& references) {
    if (value.is_array()) {
        for (auto& each : value) resolve(each, references);
        return;
    }
    auto* members = value.get_ptr<json::object_t*>();
    if (members == nullptr) return;
    for (auto& [name, each] : *members) {
        if (name != "reference" || !each.is_string()) {
            resolve(each, references);
            continue;
        }
        const auto& text = each.get_ref<const std::string&>();
        if (!text.starts_with("urn:uuid:") && !text.starts_with("urn:oid:")) continue;
        const auto found = references.find(text);
        if (found == references.end())
            throw Problem(422, "not-found",
                          "A reference names a fullUrl that no entry of this transaction has.");
        each = found->second;
    }
}

void check_version(const WriteRequest& request, const std::optional<Version>& before, bool guarded) {
    if (!before) {
        if (request.if_match.empty()) return;
        throw Problem(412, "conflict",
                      "There is no such resource to update: leave If-Match out to create it.");
    }
    if (request.if_match.empty()) {
        if ((guarded && !request.type->own_if_match) || !control::on("H5.if-match-needed")) return;
        throw Problem(
            412, "conflict",
            "An update needs If-Match with the ETag of the version that was read: read it, then try again.");
    }
    if (request.if_match != before->etag() && control::on("H5.if-match"))
        throw Problem(412, "conflict",
                      "The resource has changed since it was read: read it, compare, then try again.");
}

bool writes_plan(const std::vector<WriteRequest>& requests) {
    return std::any_of(requests.begin(), requests.end(), [](const WriteRequest& each) {
        return each.type->name == "CarePlan" && !each.is_create;
    });
}

}  // namespace

std::vector<WriteResult> Writer::write(const plan::Actor& actor, std::vector<WriteRequest> requests,
                                       const std::function<void(Transaction&)>& also) {
    for (const auto& request : requests) check_request(request);
    const auto transaction = store_.begin();
    const auto asked = requests.size();
    if (plan::is_person(actor))
        complete_own_edit(actor, rules_.data_sets(), *transaction, bodies_, requests);
    else if (writes_plan(requests))
        keep_withheld_content(actor, rules_.data_sets(), *transaction, bodies_, requests);
    std::vector<WriteResult> results(requests.size());
    std::vector<bool> found(requests.size());
    References references;
    std::set<std::string> named;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto& request = requests[i];
        if (request.is_create) {
            if (auto match = existing(*transaction, request, base_)) {
                request.id = match->id;
                results[i] = {200, std::move(*match)};
                found[i] = true;
            } else {
                request.id = new_uuid();
                request.body["id"] = request.id;
            }
        }
        const auto reference = request.type->name + "/" + request.id;
        const bool twice = !named.insert(reference).second;
        if (twice || (!request.full_url.empty() && !references.emplace(request.full_url, reference).second))
            throw Problem(400, "duplicate", "Two entries of the transaction are the same resource.");
    }
    const bool guarded = writes_plan(requests);
    std::vector<Written> writes;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (found[i]) continue;
        auto& request = requests[i];
        auto before = transaction->read(request.type->name, request.id);
        check_version(request, before, guarded);
        resolve(request.body, references);
        auto put = put_resource(*transaction, *request.type, request.body, before, author_key(actor));
        results[i] = {put.created ? 201 : 200, put.version};
        writes.push_back({request.type, std::move(before), std::move(request.body), std::move(put)});
    }
    rules_.check(actor, writes, *transaction, bodies_);
    write_provenance(*transaction, actor, writes);
    if (also) also(*transaction);
    transaction->commit();
    events_.announce();
    for (auto& write : writes) bodies_.keep(write.put.version, std::move(write.after));
    results.resize(asked);
    return results;
}

}  // namespace careplug::exchange
