#include "support/http.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::test {

namespace {

std::string target(const std::string& prefix, const std::string& path) {
    const std::string whole = prefix + path;
    return whole.empty() ? "/" : whole;
}

}  // namespace

nlohmann::json Reply::json() const {
    return nlohmann::json::parse(body);
}

std::string Reply::header(const std::string& name) const {
    const auto found = headers.find(Poco::toLower(name));
    return found == headers.end() ? std::string() : found->second;
}

struct HttpClient::Connection {
    Poco::Net::HTTPClientSession session;
    std::string prefix;
};

HttpClient::HttpClient(const std::string& base) : connection_(std::make_unique<Connection>()) {
    const Poco::URI uri(base);
    connection_->session.setHost(uri.getHost());
    connection_->session.setPort(uri.getPort());
    connection_->session.setKeepAlive(true);
    connection_->session.setTimeout(Poco::Timespan(60, 0));
    connection_->prefix = uri.getPath();
}

HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Reply HttpClient::request(const std::string& method, const std::string& path, const Headers& headers,
                          const std::string& body) {
    Poco::Net::HTTPRequest request(method, target(connection_->prefix, path), "HTTP/1.1");
    for (const auto& [name, value] : always) request.set(name, value);
    for (const auto& [name, value] : headers) request.set(name, value);
    request.setKeepAlive(true);
    if (!body.empty() || method == "POST" || method == "PUT")
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    Reply reply;
    Poco::Net::HTTPResponse response;
    try {
        connection_->session.sendRequest(request) << body << std::flush;
        std::istream& stream = connection_->session.receiveResponse(response);
        Poco::StreamCopier::copyToString(stream, reply.body);
    } catch (...) {
        connection_->session.reset();
        throw;
    }
    reply.status = static_cast<int>(response.getStatus());
    for (const auto& [name, value] : response) reply.headers[Poco::toLower(name)] = value;
    return reply;
}

Reply HttpClient::send(const std::string& method, const std::string& path, const nlohmann::json& body,
                       const Headers& headers) {
    Headers all = headers;
    all.emplace("Content-Type", "application/fhir+json");
    return request(method, path, all, body.dump());
}

struct EventStream::Connection {
    Poco::Net::HTTPClientSession session;
    Poco::Net::HTTPResponse response;
    std::istream* stream = nullptr;
};

EventStream::EventStream(const std::string& base, const std::string& path, const Headers& headers)
    : connection_(std::make_unique<Connection>()) {
    const Poco::URI uri(base);
    connection_->session.setHost(uri.getHost());
    connection_->session.setPort(uri.getPort());
    connection_->session.setTimeout(Poco::Timespan(15, 0));
    Poco::Net::HTTPRequest request("GET", target(uri.getPath(), path), "HTTP/1.1");
    request.set("Accept", "text/event-stream");
    for (const auto& [name, value] : headers) request.set(name, value);
    connection_->session.sendRequest(request);
    connection_->stream = &connection_->session.receiveResponse(connection_->response);
}

EventStream::~EventStream() = default;

int EventStream::status() const {
    return static_cast<int>(connection_->response.getStatus());
}

EventStream::Event EventStream::next(int seconds) {
    connection_->session.socket().setReceiveTimeout(Poco::Timespan(seconds, 0));
    Event event;
    std::string line;
    while (std::getline(*connection_->stream, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) return event;
        const auto colon = line.find(": ");
        const std::string name = line.substr(0, colon);
        const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
        if (name.empty()) event.comment = value;
        if (name == "id") event.id = value;
        if (name == "event") event.name = value;
        if (name == "data") event.data += value;
    }
    throw std::runtime_error("the stream of events ended");
}

EventStream::Event EventStream::next_event(int seconds) {
    for (;;) {
        Event event = next(seconds);
        if (!event.name.empty()) return event;
    }
}

std::string percent_encoded(const std::string& text) {
    std::string out;
    Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]|%", out);
    return out;
}

}  // namespace careplug::test
