#include "http_handler.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <chrono>
#include <iostream>

#include "capability.h"
#include "disclosure.h"
#include "event_stream.h"
#include "problem.h"
#include "request_log.h"

namespace careplug::exchange {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr std::size_t longest_body = 10 * 1024 * 1024;

std::string read_body(HTTPServerRequest& request) {
    const auto too_long = [] {
        return Problem(413, "too-long", "The body is longer than 10 MB: send less at a time.");
    };
    if (request.hasContentLength() && request.getContentLength64() > static_cast<Poco::Int64>(longest_body))
        throw too_long();
    std::string body;
    if (request.hasContentLength()) body.reserve(static_cast<std::size_t>(request.getContentLength64()));
    char buffer[16384];
    auto& stream = request.stream();
    while (stream.good()) {
        stream.read(buffer, sizeof buffer);
        body.append(buffer, static_cast<std::size_t>(stream.gcount()));
        if (body.size() > longest_body) throw too_long();
    }
    if (request.hasContentLength() && body.size() != static_cast<std::size_t>(request.getContentLength64()))
        throw Problem(400, "incomplete", "The body is shorter than its Content-Length.");
    return body;
}

// What is left of a body would be taken for the next request; and who still sends does not read the answer.
// False when there is more of it than is worth reading.
bool read_rest(HTTPServerRequest& request) {
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return true;
    char buffer[16384];
    auto& stream = request.stream();
    for (std::size_t read = 0; stream.good() && read < 2 * longest_body; read += sizeof buffer)
        stream.read(buffer, sizeof buffer);
    return stream.eof();
}

Request read_request(HTTPServerRequest& from, const std::string& path, const std::string& query) {
    Request request;
    request.method = from.getMethod();
    request.path = segments(path);
    request.query = query;
    request.content_type = from.get("Content-Type", "");
    request.if_match = from.get("If-Match", "");
    request.if_none_match = from.get("If-None-Match", "");
    request.if_none_exist = from.get("If-None-Exist", "");
    request.minimal = from.get("Prefer", "").find("return=minimal") != std::string::npos;
    if (request.method != "GET") request.body = read_body(from);
    return request;
}

void send(HTTPServerResponse& to, const Response& response) {
    to.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status));
    for (const auto& [name, value] : response.headers) to.set(name, value);
    to.set("Cache-Control", "no-store");
    to.set("X-Content-Type-Options", "nosniff");
    if (!response.body.empty()) to.setContentType(response.content_type);
    to.sendBuffer(response.body.data(), response.body.size());
}

Response refusal(const Problem& problem) {
    Response response;
    response.status = problem.status();
    response.body = problem.operation_outcome();
    if (problem.status() == 401) response.headers["WWW-Authenticate"] = "Bearer realm=\"careplug-exchange\"";
    return response;
}

class StreamPlace {
public:
    explicit StreamPlace(Events& events) : events_(events) {
        if (!events.enter())
            throw Problem(503, "throttled",
                          "All streams of events are taken: ask by search for now, then try again.");
    }
    ~StreamPlace() { events_.leave(); }
    StreamPlace(const StreamPlace&) = delete;
    StreamPlace& operator=(const StreamPlace&) = delete;

private:
    Events& events_;
};

class Handler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(const HttpParts& parts) : parts_(parts) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        const RequestTimer timer;
        const auto uri = request.getURI();
        const auto mark = std::min(uri.find('?'), uri.size());
        const std::string path = uri.substr(0, mark), query = uri.substr(std::min(uri.size(), mark + 1));
        try {
            answer(request, response, path, query);
        } catch (const Problem& problem) {
            refuse(request, response, problem);
        } catch (const Poco::Exception&) {
            refuse(request, response,
                   Problem(500, "exception", "The connection or the system failed: try again."));
        } catch (const std::exception&) {
            refuse(request, response,
                   Problem(500, "exception", "The exchange failed on this request: report it."));
        }
        log_request(request.getMethod(), path, query, static_cast<int>(response.getStatus()), timer);
    }

private:
    void answer(HTTPServerRequest& request, HTTPServerResponse& response, const std::string& path,
                const std::string& query) {
        Response open;
        if (path == "/health" && request.getMethod() == "GET") {
            open.body = R"({"status":"ok"})";
            open.content_type = "application/json";
            return send(response, open);
        }
        if (path == "/fhir/metadata" && request.getMethod() == "GET") {
            open.body = capability_statement(parts_.address);
            return send(response, open);
        }
        const auto identity = parts_.verifier.verify(request.get("Authorization", ""));
        if (path != "/fhir" && !path.starts_with("/fhir/"))
            throw Problem(404, "not-found", "This server's address is " + parts_.address + ".");
        if (path == "/fhir/$events") return stream(request, response, identity);
        send(response, parts_.service.answer(read_request(request, path.substr(5), query), identity.actor));
    }

    void stream(HTTPServerRequest& request, HTTPServerResponse& response, const Identity& identity) {
        if (request.getMethod() != "GET")
            throw Problem(405, "not-supported", "The stream of events takes GET.");
        if (!plan::may_audit(identity.actor)) parts_.rules.check_reading(identity.actor, "CarePlan");
        const StreamPlace place(parts_.events);
        const auto start = stream_start(parts_.store, request.get("Last-Event-ID", ""));
        response.setContentType("text/event-stream");
        response.set("Cache-Control", "no-store");
        response.setChunkedTransferEncoding(true);
        response.setKeepAlive(false);
        const Told told = [&](View& view, const Change& change) {
            return Disclosure(view, parts_.rules.data_sets(), identity.actor).tells(change);
        };
        stream_events(parts_.store, parts_.events, start, identity.expires, told, response.send());
    }

    static void refuse(HTTPServerRequest& request, HTTPServerResponse& response, const Problem& problem) {
        if (response.sent()) return;
        try {
            if (!read_rest(request)) response.setKeepAlive(false);
            send(response, refusal(problem));
        } catch (const std::exception&) {
            // The client has gone: there is nobody to tell.
        }
    }

    HttpParts parts_;
};

}  // namespace

std::unique_ptr<Poco::Net::HTTPRequestHandler> make_http_handler(const HttpParts& parts) {
    return std::make_unique<Handler>(parts);
}

}  // namespace careplug::exchange
