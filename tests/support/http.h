// A plain HTTP client for tests, on loopback.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace careplug::test {

using Headers = std::map<std::string, std::string>;

struct Reply {
    int status = 0;
    Headers headers;  // names in lower case
    std::string body;

    nlohmann::json json() const;  // throws where the body is no JSON
    std::string header(const std::string& name) const;
};

// Keeps its connection open between requests.
class HttpClient {
public:
    // `base` such as http://127.0.0.1:8084/fhir; the paths of requests are appended to it.
    explicit HttpClient(const std::string& base);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    // Sent with every request unless a request names the header itself.
    Headers always;

    Reply request(const std::string& method, const std::string& path, const Headers& headers = {},
                  const std::string& body = {});
    Reply get(const std::string& path, const Headers& headers = {}) { return request("GET", path, headers); }
    Reply send(const std::string& method, const std::string& path, const nlohmann::json& body,
               const Headers& headers = {});

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

// A stream of Server-Sent Events.
class EventStream {
public:
    struct Event {
        std::string id, name, data, comment;
    };
    EventStream(const std::string& base, const std::string& path, const Headers& headers);
    ~EventStream();

    int status() const;
    // The next event or comment. Throws when nothing comes for `seconds` or the stream ends.
    Event next(int seconds = 15);
    // The next event, comments left out.
    Event next_event(int seconds = 15);

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

std::string percent_encoded(const std::string& text);

}  // namespace careplug::test
