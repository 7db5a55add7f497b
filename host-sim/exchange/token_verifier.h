// From a host's signed assertion of its user to an actor (docs/abi-documents.md, request `identity`).
#pragma once

#include <careplug/plan/role.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "trusted_keys.h"

namespace careplug::exchange {

struct Identity {
    plan::Actor actor;
    std::int64_t expires = 0;  // seconds since 1970
};

class TokenVerifier {
public:
    explicit TokenVerifier(const std::filesystem::path& trust_folder) : keys_(trust_folder) {}

    // `authorization` is the value of the header. Throws Problem 401 with the reason.
    Identity verify(const std::string& authorization);

private:
    Identity verify_token(const std::string& token);

    TrustedKeys keys_;
    std::mutex mutex_;
    std::map<std::string, Identity> verified_;  // by the token's SHA-256, until it expires
};

}  // namespace careplug::exchange
