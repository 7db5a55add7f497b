// The start page: what this is, the hosts to open, who is signed in where, the exchange and its switch.
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
