// The file `signature`: one line of fixed length that names the key and holds an Ed25519 signature over the
// exact bytes of manifest.json.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace careplug::package {

inline constexpr const char* signature_name = "signature";

struct KeyCloser {
    void operator()(evp_pkey_st* key) const;
};
using PrivateKey = std::unique_ptr<evp_pkey_st, KeyCloser>;

struct Signature {
    std::string key_id;
    std::string bytes;  // 64
};

// Throws Refusal where the text is not exactly one such line.
Signature parse_signature(std::string_view text);
// `public_key` is 32 bytes.
bool signature_holds(const Signature& signature, std::string_view manifest, std::string_view public_key);
// The text of the file.
std::string sign(std::string_view manifest, const PrivateKey& key);

// 32 bytes.
std::string public_key_of(const PrivateKey& key);
// 32 hexadecimal digits: the beginning of the SHA-256 of the public key.
std::string key_id_of(std::string_view public_key);

}  // namespace careplug::package
