#include "front.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

#include "support/http.h"

namespace careplug::test {
namespace {

class Handler : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(Front& front) : front_(front) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        const FrontAnswer answer = front_.answer(request.getMethod(), request.getURI(), body,
                                                 request.getContentType(), request.get("Authorization", ""));
        response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
        response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
        response.send() << answer.body;
    }

private:
    Front& front_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Factory(Front& front) : front_(front) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler(front_);
    }

private:
    Front& front_;
};

}  // namespace

struct Front::Server {
    Poco::Net::ServerSocket socket{Poco::Net::SocketAddress("127.0.0.1", 0)};
    Poco::Net::HTTPServer http;
    explicit Server(Front& front) : http(new Factory(front), socket, new Poco::Net::HTTPServerParams) {
        http.start();
    }
    ~Server() { http.stopAll(true); }
};

Front::Front(std::string exchange)
    : exchange_(std::move(exchange)), server_(std::make_unique<Server>(*this)) {}

Front::~Front() = default;

std::string Front::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->socket.address().port()) + "/fhir";
}

void Front::change(Change change) {
    const std::lock_guard lock(mutex_);
    change_ = std::move(change);
}

void Front::instead(Instead instead) {
    const std::lock_guard lock(mutex_);
    instead_ = std::move(instead);
}

FrontAnswer Front::answer(const std::string& method, const std::string& path, const std::string& body,
                          const std::string& content_type, const std::string& authorization) {
    // Without the stream of changes every engine polls each second.
    if (path.find("$events") != std::string::npos) return {404, ""};
    FrontAnswer answer;
    const std::string relative = path.rfind("/fhir", 0) == 0 ? path.substr(5) : path;
    Change now;
    Instead instead;
    {
        const std::lock_guard lock(mutex_);
        now = change_;
        instead = instead_;
    }
    if (instead)
        if (const auto given = instead(method + " " + relative, body)) return *given;
    try {
        HttpClient client(exchange_);
        const Reply reply = client.request(method, relative,
                                           {{"Authorization", authorization},
                                            {"Content-Type", content_type},
                                            {"Accept", "application/fhir+json"}},
                                           body);
        answer = {reply.status, reply.body};
    } catch (const std::exception&) {
        answer = {503, ""};
    }
    if (now) now(method + " " + relative, answer);
    return answer;
}

}  // namespace careplug::test
