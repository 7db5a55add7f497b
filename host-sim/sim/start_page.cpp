#include "start_page.h"

#include <http.h>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <nlohmann/json.hpp>

namespace careplug::sim {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

class Handler : public Poco::Net::HTTPRequestHandler {
public:
    Handler(const StartPageActions& actions, const std::filesystem::path& web, unsigned short port)
        : actions_(actions), web_(web), port_(port) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        try {
            answer(request, response);
        } catch (const HttpError& error) {
            response.setKeepAlive(false);
            send_json(response, error.status(), {{"sentence", error.what()}});
        } catch (const std::exception& error) {
            if (!response.sent()) send_json(response, 503, {{"sentence", error.what()}});
        }
    }

private:
    void answer(HTTPServerRequest& request, HTTPServerResponse& response) const {
        guard(request, port_);
        const auto path = path_segments(request.getURI());
        if (path == std::vector<std::string>{"api", "state"})
            return send_json(response, 200, actions_.state());
        if (path == std::vector<std::string>{"api", "exchange"} && request.getMethod() == "POST") {
            const auto body = json_body(request);
            if (!body.contains("on") || !body["on"].is_boolean())
                throw HttpError(400, "The body must say {\"on\": true} or {\"on\": false}.");
            actions_.switch_exchange(body["on"].get<bool>());
            return send_json(response, 200, actions_.state());
        }
        if (path == std::vector<std::string>{"api", "plan-services"}) {
            if (request.getMethod() == "POST") {
                const auto body = json_body(request);
                actions_.act(body.value("host", ""), body.value("part", ""), body.value("act", ""));
            }
            return send_json(response, 200, actions_.plan_services());
        }
        if (path.empty()) return send_file(response, web_, {"start.html"});
        if (path[0] == "nhsuk") return send_file(response, web_.parent_path(), path);
        send_file(response, web_, path);
    }

    const StartPageActions& actions_;
    const std::filesystem::path& web_;
    const unsigned short port_;
};

}  // namespace

class StartPage::Factory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Factory(StartPageActions actions, std::filesystem::path web, unsigned short port)
        : actions_(std::move(actions)), web_(std::move(web)), port_(port) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new Handler(actions_, web_, port_);
    }

private:
    const StartPageActions actions_;
    const std::filesystem::path web_;
    const unsigned short port_;
};

StartPage::StartPage(Poco::Net::ServerSocket socket, std::filesystem::path web, StartPageActions actions) {
    auto* parameters = new Poco::Net::HTTPServerParams;
    parameters->setMaxThreads(16);
    parameters->setKeepAliveTimeout(Poco::Timespan(5, 0));
    const unsigned short port = socket.address().port();
    server_ = std::make_unique<Poco::Net::HTTPServer>(new Factory(std::move(actions), std::move(web), port),
                                                      socket, parameters);
    server_->start();
}

StartPage::~StartPage() {
    server_->stopAll(true);
}

}  // namespace careplug::sim
