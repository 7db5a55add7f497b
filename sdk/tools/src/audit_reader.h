// Reads AuditEvents from an exchange, as the privacy officer whose token is given.
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

namespace careplug::tools {

// The exchange could not be asked, or refused: a sentence.
class AuditUnreadable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class AuditReader {
public:
    // `authority` is a file of certificate authorities for https; empty: the system's.
    AuditReader(const std::string& exchange, std::string token, const std::string& authority);
    ~AuditReader();

    // All of it, oldest first.
    std::vector<nlohmann::json> all();
    // What fits these search parameters, oldest first.
    std::vector<nlohmann::json> found(const std::vector<std::pair<std::string, std::string>>& parameters);

private:
    std::string base_;
    std::string path_;
    std::string token_;
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;

    nlohmann::json ask(const std::string& method, const std::string& path, const std::string& form);
    std::vector<nlohmann::json> pages(const std::string& method, const std::string& path,
                                      const std::string& form);
};

}  // namespace careplug::tools
