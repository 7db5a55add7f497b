// The exchange's FHIR API, as any client sees it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace careplug::sim {

class ExchangeClient {
public:
    explicit ExchangeClient(std::string fhir) : fhir_(std::move(fhir)) {}

    // Whether GET answers 200; throws for any answer but 200, 404 and 410.
    bool exists(const std::string& path, const std::string& token) const;
    // Throws for any answer but 200.
    nlohmann::json read(const std::string& path, const std::string& token) const;
    // Both throw with the exchange's own words when it refuses: an AuditEvent; a Bundle of type batch or
    // transaction.
    void post_audit(const nlohmann::json& event, const std::string& token) const;
    void post_bundle(const nlohmann::json& bundle, const std::string& token) const;

private:
    struct Reply {
        int status = 0;
        std::string body;
    };
    Reply send(const std::string& method, const std::string& path, const std::string& token,
               const std::string& body) const;
    std::string fhir_;
};

}  // namespace careplug::sim
