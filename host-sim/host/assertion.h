// The host's signed statement of who is signed in: a JWT, RS256 (docs/abi-documents.md, request `identity`).
#pragma once

#include <cstddef>
#include <string>

#include "profile.h"

namespace careplug::sim {

struct SigningKey {
    std::string path;    // of the private key, PEM
    std::string issuer;  // "gp"; also the key id
};

std::string sign_assertion(const SigningKey& key, const User& user, const std::string& audience,
                           int lifetime_seconds);

std::string random_hex(std::size_t bytes);

}  // namespace careplug::sim
