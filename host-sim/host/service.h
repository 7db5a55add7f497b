// The web service of one simulated host: sign-in, the pages' API, the event stream, the files.
#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "desk.h"
#include "status_session.h"

namespace careplug::sim {

class Service {
public:
    Service(HostContext context, std::string settings, std::filesystem::path web);
    ~Service();

    void handle(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
    void set_port(unsigned short port) { port_ = port; }
    const HostContext& context() const { return context_; }
    // Signs everybody out, so that open streams end.
    void stop();

private:
    void route(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
    void sign_in(const nlohmann::json& body, const std::string& old_cookie,
                 Poco::Net::HTTPServerResponse& response);
    void sign_out(const std::string& cookie, Poco::Net::HTTPServerResponse& response);
    void stream(Desk& desk, Poco::Net::HTTPServerResponse& response);
    std::shared_ptr<Desk> desk_of(const std::string& cookie);
    std::shared_ptr<Desk> open_desk(const User& user);
    nlohmann::json me(const std::string& cookie);
    nlohmann::json everybody();
    nlohmann::json plan_service();
    std::string cookie_name() const { return "careplug-" + context_.profile.kind; }

    const HostContext context_;
    const std::string settings_;
    const std::filesystem::path web_;
    std::atomic<unsigned short> port_{0};
    std::atomic<int> streams_{0};
    std::mutex mutex_;
    LoaderHandle loader_;
    std::map<std::string, std::shared_ptr<Desk>> desks_;  // by cookie
    std::shared_ptr<StatusSession> status_;               // from the first time that somebody asks
    bool ending_ = false;
};

}  // namespace careplug::sim
