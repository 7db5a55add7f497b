#include <set>

#include "bundle_text.h"
#include "problem.h"
#include "search_index.h"
#include "service.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

constexpr std::size_t most_entries = 2000;

[[noreturn]] void refuse(const std::string& words) {
    throw Problem(400, "structure", words);
}

Request request_of(const json& entry) {
    if (!entry.is_object() || !entry.contains("request") || !entry["request"].is_object())
        refuse("Each entry of the Bundle needs a request.");
    const auto& asked = entry["request"];
    Request request;
    request.method = text_of(asked, "method");
    auto url = text_of(asked, "url");
    const auto mark = url.find('?');
    if (mark != std::string::npos) {
        request.query = url.substr(mark + 1);
        url.resize(mark);
    }
    request.path = segments(url);
    request.content_type = "application/fhir+json";
    request.if_match = text_of(asked, "ifMatch");
    request.if_none_match = text_of(asked, "ifNoneMatch");
    request.if_none_exist = text_of(asked, "ifNoneExist");
    if (request.method.empty() || url.empty()) refuse("Each request of the Bundle needs a method and a url.");
    return request;
}

bool is_write(const Request& request) {
    return request.method == "POST" || request.method == "PUT";
}

Response refused(const Problem& problem) {
    Response response;
    response.status = problem.status();
    response.body = problem.operation_outcome();
    return response;
}

}  // namespace

Response Service::answer_bundle(const Request& request, const plan::Actor& actor) {
    auto bundle = parse_body(request.content_type, request.body);
    if (text_of(bundle, "resourceType") != "Bundle")
        refuse("This address takes a Bundle, a batch or a transaction.");
    if (!bundle.contains("entry")) bundle["entry"] = json::array();
    if (!bundle["entry"].is_array()) refuse("Bundle.entry must be a list.");
    if (bundle["entry"].size() > most_entries)
        throw Problem(413, "too-long", "A Bundle has at most 2000 entries: send it in parts.");
    const auto type = text_of(bundle, "type");
    if (type == "batch") return batch(bundle, actor, !request.minimal);
    if (type == "transaction") return transaction(std::move(bundle), actor, false);
    refuse("Bundle.type must be batch or transaction.");
}

Response Service::batch(const json& bundle, const plan::Actor& actor, bool with_resources) {
    BundleText answers("batch-response", base_);
    for (const auto& entry : bundle["entry"]) {
        try {
            auto request = request_of(entry);
            if (request.path.empty() || request.path[0] == "metadata" || request.path[0] == "$events")
                refuse("A batch holds requests for resources.");
            if (is_write(request) && entry.contains("resource")) request.body = entry["resource"].dump();
            answers.add_answer(answer(request, actor), with_resources);
        } catch (const Problem& problem) {
            answers.add_answer(refused(problem), false);
        }
    }
    Response response;
    response.body = answers.finish();
    return response;
}

Response Service::transaction(json bundle, const plan::Actor& actor, bool with_resources) {
    auto& entries = bundle["entry"];
    std::vector<Request> requests;
    std::vector<WriteRequest> writes;
    std::vector<std::size_t> write_places;
    std::set<std::string> full_urls;
    for (auto& entry : entries) {
        auto request = request_of(entry);
        const auto full_url = text_of(entry, "fullUrl");
        if (!full_url.empty() && !full_urls.insert(full_url).second)
            throw Problem(400, "duplicate", "Two entries of the transaction have the same fullUrl.");
        if (request.method == "DELETE" || (!is_write(request) && request.method != "GET"))
            throw Problem(405, "not-supported",
                          "A transaction takes POST, PUT and GET: nothing is deleted or patched here.");
        if (is_write(request)) {
            if (request.path.size() != (request.method == "POST" ? 1U : 2U) || !request.query.empty())
                refuse("A POST of a transaction names a type, a PUT a type and an id.");
            if (!entry.contains("resource") || !entry["resource"].is_object())
                refuse("A POST or PUT of a transaction needs a resource.");
            WriteRequest write;
            write.type = &resource_type(request.path[0]);
            write.is_create = request.method == "POST";
            if (!write.is_create) write.id = request.path[1];
            write.body = std::move(entry["resource"]);
            write.if_match = request.if_match;
            write.if_none_exist = request.if_none_exist;
            write.full_url = full_url;
            writes.push_back(std::move(write));
            write_places.push_back(requests.size());
        }
        requests.push_back(std::move(request));
    }
    // Apart from what is written: one transaction cannot begin within another.
    for (const auto& request : requests)
        if (request.method == "GET" && !request.path.empty()) note_reading(request, actor);
    std::vector<Response> responses(requests.size());
    const auto results = writer_.write(actor, std::move(writes), [&](Transaction& transaction) {
        for (std::size_t i = 0; i < requests.size(); ++i)
            if (requests[i].method == "GET") responses[i] = read(transaction, requests[i], actor);
    });
    for (std::size_t i = 0; i < results.size(); ++i)
        responses[write_places[i]] = response_of_write(results[i].version, results[i].status, base_);
    BundleText answers("transaction-response", base_);
    for (std::size_t i = 0; i < requests.size(); ++i)
        answers.add_answer(responses[i], with_resources || requests[i].method == "GET");
    Response response;
    response.body = answers.finish();
    return response;
}

}  // namespace careplug::exchange
