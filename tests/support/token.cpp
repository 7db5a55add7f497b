#include "support/token.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace careplug::test {

namespace {

void require(bool done) {
    if (!done) throw std::runtime_error("a test key or token could not be made");
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

struct TokenSigner::Key {
    EVP_PKEY* key = nullptr;
    ~Key() { EVP_PKEY_free(key); }
};

TokenSigner::TokenSigner(std::string issuer) : issuer_(std::move(issuer)), key_(std::make_unique<Key>()) {
    key_->key = EVP_RSA_gen(2048);
    require(key_->key != nullptr);
}

TokenSigner::~TokenSigner() = default;
TokenSigner::TokenSigner(TokenSigner&&) noexcept = default;

void TokenSigner::trust_in(const std::filesystem::path& folder) const {
    BIO* memory = BIO_new(BIO_s_mem());
    require(memory != nullptr && PEM_write_bio_PUBKEY(memory, key_->key) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    const std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (issuer_ + ".pem")) << pem;
}

nlohmann::json TokenSigner::claims(const std::string& role, bool senior, const std::string& subject) const {
    return {{"iss", issuer_},
            {"sub", subject},
            {"name", "Dr T. Ester"},
            {"role", role},
            {"senior", senior},
            {"organisation", "Y90001"},
            {"organisation_name", "Alder Lane Surgery"},
            {"aud", "careplug-exchange"},
            {"iat", now()},
            {"exp", now() + 300},
            {"jti", issuer_ + "-" + subject}};
}

std::string TokenSigner::sign(const nlohmann::json& claims) const {
    return sign({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", issuer_}}, claims);
}

std::string TokenSigner::sign(const nlohmann::json& header, const nlohmann::json& claims) const {
    const std::string signed_part = base64url(header.dump()) + "." + base64url(claims.dump());
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(signed_part.data());
    std::size_t size = 0;
    require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->key) == 1);
    require(EVP_DigestSign(context.get(), nullptr, &size, bytes, signed_part.size()) == 1);
    std::string signature(size, '\0');
    require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                           signed_part.size()) == 1);
    signature.resize(size);
    return signed_part + "." + base64url(signature);
}

std::string TokenSigner::bearer(const std::string& role, bool senior, const std::string& subject) const {
    return "Bearer " + sign(claims(role, senior, subject));
}

std::string base64url(const std::string& bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    while (!out.empty() && out.back() == '=') out.pop_back();
    for (char& letter : out) {
        if (letter == '+') letter = '-';
        if (letter == '/') letter = '_';
    }
    return out;
}

}  // namespace careplug::test
