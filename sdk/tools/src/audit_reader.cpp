#include "audit_reader.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <careplug/plan/fhir.h>

#include <nlohmann/json.hpp>

namespace careplug::tools {

namespace {

using nlohmann::json;

std::string sentence_of(const json& outcome, int status) {
    for (const json& issue : outcome.value("issue", json::array())) {
        if (issue.contains("details") && issue["details"].contains("text")) return issue["details"]["text"];
        if (issue.contains("diagnostics")) return issue["diagnostics"];
    }
    return "It answered with status " + std::to_string(status) + ".";
}

}  // namespace

AuditReader::AuditReader(const std::string& exchange, std::string token, const std::string& authority)
    : token_(std::move(token)) {
    try {
        const Poco::URI uri(exchange);
        if ((uri.getScheme() != "http" && uri.getScheme() != "https") || uri.getHost().empty())
            throw AuditUnreadable("--exchange takes an address such as http://127.0.0.1:8084/fhir.");
        base_ = uri.getScheme() + "://" + uri.getAuthority();
        path_ = uri.getPath();
        while (!path_.empty() && path_.back() == '/') path_.pop_back();
        if (uri.getScheme() == "https") {
            Poco::Net::Context::Ptr context = new Poco::Net::Context(
                Poco::Net::Context::TLS_CLIENT_USE, "", "", authority, Poco::Net::Context::VERIFY_STRICT, 9,
                authority.empty(), "HIGH:!aNULL:!MD5");
            context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
            session_ = std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
        } else {
            session_ = std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
        }
        session_->setKeepAlive(true);
    } catch (const Poco::Exception&) {
        throw AuditUnreadable("The address of the exchange cannot be used: correct --exchange.");
    }
}

AuditReader::~AuditReader() = default;

json AuditReader::ask(const std::string& method, const std::string& path, const std::string& form) {
    std::string body;
    int status = 0;
    try {
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.setKeepAlive(true);
        request.set("Accept", "application/fhir+json");
        request.set("Authorization", "Bearer " + token_);
        if (method == "POST") {
            request.setContentType("application/x-www-form-urlencoded");
            request.setContentLength64(static_cast<Poco::Int64>(form.size()));
        }
        session_->sendRequest(request) << form << std::flush;
        Poco::Net::HTTPResponse response;
        Poco::StreamCopier::copyToString(session_->receiveResponse(response), body);
        status = response.getStatus();
    } catch (const Poco::Exception&) {
        throw AuditUnreadable("The exchange at " + base_ + " does not answer.");
    }
    json answer;
    try {
        answer = plan::fhir::parse(body);
    } catch (const std::invalid_argument&) {
        throw AuditUnreadable("The answer of " + base_ + " is none of a FHIR server.");
    }
    if (status >= 300) throw AuditUnreadable("The exchange refused. " + sentence_of(answer, status));
    return answer;
}

std::vector<json> AuditReader::pages(const std::string& method, const std::string& path,
                                     const std::string& form) {
    std::vector<json> list;
    json bundle = ask(method, path, form);
    for (;;) {
        for (json& entry : bundle["entry"])
            if (entry.contains("resource")) list.push_back(std::move(entry["resource"]));
        std::string next;
        for (const json& link : bundle.value("link", json::array()))
            if (link.value("relation", std::string()) == "next") next = link.value("url", std::string());
        if (next.empty()) return list;
        if (next.rfind(base_ + "/", 0) != 0)
            throw AuditUnreadable("A page of the answer lies on another server.");
        bundle = ask("GET", next.substr(base_.size()), "");
    }
}

std::vector<json> AuditReader::all() {
    auto list = pages("GET", path_ + "/AuditEvent/_history", "");
    return {list.rbegin(), list.rend()};
}

std::vector<json> AuditReader::found(const std::vector<std::pair<std::string, std::string>>& parameters) {
    std::string form;
    for (const auto& [name, value] : parameters) {
        if (!form.empty()) form += '&';
        form += name + '=';
        Poco::URI::encode(value, "!#$&'()*+,/:;=?@[]|", form);
    }
    return pages("POST", path_ + "/AuditEvent/_search", form);
}

}  // namespace careplug::tools
