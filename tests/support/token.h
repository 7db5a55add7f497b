// Identity assertions as a host signs them (docs/abi-documents.md), with a key made for the test.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace careplug::test {

class TokenSigner {
public:
    // A new RSA key for this issuer, which is also its key id.
    explicit TokenSigner(std::string issuer);
    ~TokenSigner();
    TokenSigner(TokenSigner&&) noexcept;

    const std::string& issuer() const { return issuer_; }
    // Writes ISSUER.pem, the public key, into a trust folder.
    void trust_in(const std::filesystem::path& folder) const;

    // Claims of a person of this role that hold for five minutes from now.
    nlohmann::json claims(const std::string& role, bool senior = false,
                          const std::string& subject = "test") const;
    std::string sign(const nlohmann::json& claims) const;
    std::string sign(const nlohmann::json& header, const nlohmann::json& claims) const;
    // The value of an Authorization header.
    std::string bearer(const std::string& role, bool senior = false,
                       const std::string& subject = "test") const;

private:
    struct Key;
    std::string issuer_;
    std::unique_ptr<Key> key_;
};

std::string base64url(const std::string& bytes);

}  // namespace careplug::test
