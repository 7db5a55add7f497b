#include "assertion.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace careplug::sim {
namespace {

std::string base64url(const unsigned char* data, std::size_t size) {
    std::string out(4 * ((size + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data, static_cast<int>(size));
    out.resize(static_cast<std::size_t>(length));
    while (!out.empty() && out.back() == '=') out.pop_back();
    for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

std::string base64url(const std::string& text) {
    return base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string rs256(const std::string& path, const std::string& text) {
    const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "r"));
    if (!file) throw std::runtime_error("The signing key " + path + " cannot be read.");
    const std::unique_ptr<EVP_PKEY, Closer> key(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_MD_CTX, Closer> context(EVP_MD_CTX_new());
    std::size_t length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    std::vector<unsigned char> signature;
    if (key && context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &length, data, text.size()) == 1) {
        signature.resize(length);
        if (EVP_DigestSign(context.get(), signature.data(), &length, data, text.size()) == 1)
            return base64url(signature.data(), length);
    }
    throw std::runtime_error("The signing key " + path +
                             " is not usable: remove the folder's keys and start again.");
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1)
        throw std::runtime_error("This computer gives no random numbers.");
    std::string out;
    constexpr char digits[] = "0123456789abcdef";
    for (const unsigned char byte : random) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string sign_assertion(const SigningKey& key, const User& user, const std::string& audience,
                           int lifetime_seconds) {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const nlohmann::json header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key.issuer}};
    nlohmann::json claims{{"iss", key.issuer},
                          {"sub", user.id},
                          {"name", user.name},
                          {"role", user.role},
                          {"senior", user.senior},
                          {"organisation", user.organisation},
                          {"organisation_name", user.organisation_name},
                          {"aud", audience},
                          {"iat", now},
                          {"exp", now + lifetime_seconds},
                          {"jti", random_hex(16)}};
    if (!user.nhs_number.empty()) claims["nhs_number"] = user.nhs_number;
    const std::string signed_part = base64url(header.dump()) + "." + base64url(claims.dump());
    return signed_part + "." + rs256(key.path, signed_part);
}

}  // namespace careplug::sim
