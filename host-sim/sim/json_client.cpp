#include "json_client.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <nlohmann/json.hpp>

namespace careplug::sim {

using nlohmann::json;

json get_json(const std::string& url) {
    const Poco::URI address(url);
    Poco::Net::HTTPClientSession session(address.getHost(), address.getPort());
    session.setTimeout(Poco::Timespan(4, 0));
    Poco::Net::HTTPRequest request("GET", address.getPathAndQuery(), "HTTP/1.1");
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    return json::parse(body, nullptr, false);
}

}  // namespace careplug::sim
