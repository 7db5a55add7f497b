#include "exchange_client.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::sim {
namespace {

using nlohmann::json;

std::string words_of(const std::string& body) {
    const json outcome = json::parse(body, nullptr, false);
    if (outcome.is_object() && outcome.contains("issue") && outcome["issue"].is_array() &&
        !outcome["issue"].empty()) {
        const json& issue = outcome["issue"][0];
        if (issue.contains("diagnostics")) return issue["diagnostics"].get<std::string>();
        if (issue.contains("details")) return issue["details"].value("text", "");
    }
    return "no reason given";
}

}  // namespace

ExchangeClient::Reply ExchangeClient::send(const std::string& method, const std::string& path,
                                           const std::string& token, const std::string& body) const {
    const Poco::URI address(fhir_ + path);
    Poco::Net::HTTPClientSession session(address.getHost(), address.getPort());
    session.setTimeout(Poco::Timespan(20, 0));
    Poco::Net::HTTPRequest request(method, address.getPathAndQuery(), "HTTP/1.1");
    request.set("Authorization", "Bearer " + token);
    request.set("Accept", "application/fhir+json");
    if (!body.empty()) {
        request.setContentType("application/fhir+json");
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    }
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Reply reply;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), reply.body);
    reply.status = response.getStatus();
    return reply;
}

bool ExchangeClient::exists(const std::string& path, const std::string& token) const {
    const Reply reply = send("GET", path, token, "");
    if (reply.status == 404 || reply.status == 410) return false;
    if (reply.status != 200) throw std::runtime_error("The exchange refused a read: " + words_of(reply.body));
    return true;
}

json ExchangeClient::read(const std::string& path, const std::string& token) const {
    const Reply reply = send("GET", path, token, "");
    if (reply.status != 200) throw std::runtime_error("The exchange refused a read: " + words_of(reply.body));
    return json::parse(reply.body);
}

void ExchangeClient::post_audit(const json& event, const std::string& token) const {
    const Reply reply = send("POST", "/AuditEvent", token, event.dump());
    if (reply.status != 201)
        throw std::runtime_error("The exchange refused an AuditEvent: " + words_of(reply.body));
}

void ExchangeClient::post_bundle(const json& bundle, const std::string& token) const {
    const Reply reply = send("POST", "", token, bundle.dump());
    if (reply.status != 200)
        throw std::runtime_error("The exchange refused a bundle: " + words_of(reply.body));
    const json answer = json::parse(reply.body, nullptr, false);
    if (!answer.is_object() || !answer.contains("entry")) return;
    for (const json& entry : answer["entry"]) {
        const std::string status = entry.contains("response") ? entry["response"].value("status", "") : "";
        if (!status.empty() && status[0] != '2')
            throw std::runtime_error("The exchange refused an entry (" + status + "): " +
                                     words_of(entry["response"].value("outcome", json::object()).dump()));
    }
}

}  // namespace careplug::sim
