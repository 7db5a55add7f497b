// Key pairs of those who sign: the private half in a file of the signer, the public half for trust folders.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signature.h"

namespace careplug::package {

struct TrustedKey {
    std::string id;
    std::string vendor;
    std::string public_key;            // 32 bytes
    std::string expires;               // the last day, 2028-11-22
    std::vector<std::string> plugins;  // ids it may sign; "example.*" is every id that begins so

    bool may_sign(std::string_view plugin_id) const;
    bool expired(std::int64_t now) const;  // seconds since 1970, UTC
    std::int64_t days_left(std::int64_t now) const;
};

// The public half as a trust folder holds it. Throws Refusal.
TrustedKey parse_trusted_key(std::string_view text);
std::string write_trusted_key(const TrustedKey& key);

PrivateKey make_private_key();
// PEM, as OpenSSL writes it.
std::string write_private_key(const PrivateKey& key);
// Throws Refusal: not there, open to others, no Ed25519 key.
PrivateKey read_private_key(const std::string& file);

}  // namespace careplug::package
