// The start page: what this is, the hosts to open, who is signed in where, the exchange and its switch. And
// the page of engines and jails.
#pragma once

#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/ServerSocket.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace careplug::sim {

struct StartPageActions {
    std::function<nlohmann::json()> state;         // hosts, exchange
    std::function<void(bool on)> switch_exchange;  // throws with a sentence
    std::function<nlohmann::json()> plan_services;
    // What is done to the engine or plugin of a host. Throws with a sentence.
    std::function<void(const std::string& host, const std::string& part, const std::string& act)> act;
};

class StartPage {
public:
    StartPage(Poco::Net::ServerSocket socket, std::filesystem::path web, StartPageActions actions);
    ~StartPage();

private:
    class Factory;
    std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace careplug::sim
