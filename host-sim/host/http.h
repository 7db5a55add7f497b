// What every reply of a simulated host has in common: guards, headers, limits, static files.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::sim {

// An error with an HTTP status and a sentence for a person.
class HttpError : public std::runtime_error {
public:
    HttpError(int status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
    int status() const { return status_; }

private:
    int status_;
};

// A port of this computer alone. Throws std::runtime_error, saying what to do, when it is taken.
Poco::Net::ServerSocket listen_on(unsigned short port);

// Only a page of this very server may call: refuses other Host names (DNS rebinding), other origins and
// bodies that a foreign form could send.
void guard(const Poco::Net::HTTPServerRequest& request, unsigned short port);

std::vector<std::string> path_segments(const std::string& uri);
nlohmann::json json_body(Poco::Net::HTTPServerRequest& request);

void set_headers(Poco::Net::HTTPServerResponse& response);
void send_json(Poco::Net::HTTPServerResponse& response, int status, const nlohmann::json& body);
// A file below `folder`; 404 for anything else.
void send_file(Poco::Net::HTTPServerResponse& response, const std::filesystem::path& folder,
               const std::vector<std::string>& segments);

}  // namespace careplug::sim
