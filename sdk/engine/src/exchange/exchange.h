// The FHIR client: one connection kept alive. Each thread has its own.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace Poco::Net {
class HTTPClientSession;
}

namespace careplug::engine {

// No answer: nobody knows whether a write was done.
class Unreachable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// It answered that it cannot do this now (5xx); what else it is asked it may do.
class Failing : public Unreachable {
public:
    using Unreachable::Unreachable;
};

// An answer that is not what a FHIR server should give.
class BadAnswer : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// An answer with an error status; `what` is a sentence from its OperationOutcome.
class Refused : public std::runtime_error {
public:
    Refused(int http_status, const std::string& sentence)
        : std::runtime_error(sentence), status(http_status) {}
    bool conflict() const { return status == 409 || status == 412; }
    bool gone() const { return status == 404 || status == 410; }
    const int status;
};

struct Answer {
    int status = 0;
    std::string body;
    std::string etag;
    std::string location;
};

using Form = std::vector<std::pair<std::string, std::string>>;

class Exchange {
public:
    Exchange(const std::string& address, const std::string& authority);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Any status below 500. Throws Unreachable.
    Answer send(const std::string& method, const std::string& path, const std::string& token,
                const std::string& body = {}, const std::string& content_type = "application/fhir+json");
    // The resource with its version in meta, or Refused.
    nlohmann::json read(const std::string& reference, const std::string& token);
    // Every version of a resource, newest first.
    std::vector<nlohmann::json> history(const std::string& reference, const std::string& token);
    // Every match on every page, or an exception: a part is never taken for the whole.
    std::vector<nlohmann::json> search(const std::string& type, const Form& parameters,
                                       const std::string& token);
    nlohmann::json write(const std::string& method, const std::string& path, const nlohmann::json& resource,
                         const std::string& token);

private:
    std::vector<nlohmann::json> pages(Answer first, const std::string& token);
    std::string host_;
    std::string base_path_;
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
    std::string path_of(const std::string& link) const;
};

// A connection that verifies the server's name and certificate when the address is https.
std::unique_ptr<Poco::Net::HTTPClientSession> connect_to(const std::string& address,
                                                         const std::string& authority);

}  // namespace careplug::engine
