#include "token_verifier.h"

#include <careplug/controls/controls.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "problem.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

constexpr std::int64_t longest_life = 600;
constexpr std::int64_t clock_difference = 60;
constexpr std::size_t longest_token = 8000;
constexpr std::size_t kept_tokens = 20'000;

[[noreturn]] void refuse(const std::string& words) {
    throw Problem(401, "login", words);
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

int six_bits(char letter) {
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9') return letter - '0' + 52;
    if (letter == '-') return 62;
    return letter == '_' ? 63 : -1;
}

std::string base64url_decoded(const std::string& text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char letter : text) {
        const int value = six_bits(letter);
        if (value < 0) refuse("The bearer token is no JWT.");
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xff);
        }
    }
    return bytes;
}

json object(const std::string& part) {
    auto parsed = json::parse(base64url_decoded(part), nullptr, false);
    if (!parsed.is_object()) refuse("The bearer token is no JWT.");
    return parsed;
}

bool signature_holds(EVP_PKEY* key, const std::string& text, const std::string& signature) {
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < 2048) return false;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto bytes = [](const std::string& from) {
        return reinterpret_cast<const unsigned char*>(from.data());
    };
    return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

std::int64_t time_claim(const json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end() || !found->is_number_integer())
        refuse(std::string("The token has no whole number of seconds as ") + name + ".");
    return found->get<std::int64_t>();
}

bool is_for_us(const json& claims) {
    const auto audience = claims.find("aud");
    if (audience == claims.end()) return false;
    const json name = "careplug-exchange";
    if (audience->is_array()) return std::find(audience->begin(), audience->end(), name) != audience->end();
    return *audience == name;
}

void check_times(std::int64_t issued, std::int64_t expires) {
    if (!control::on("H9.token-now")) return;
    const auto present = now();
    if (expires <= present) refuse("The token has expired: ask the host for a new one.");
    if (issued > present + clock_difference)
        refuse("The token was issued in the future: compare the clocks of host and exchange.");
    if (expires <= issued || expires - issued > longest_life)
        refuse("The token lives longer than 10 minutes: the host must issue shorter ones.");
}

plan::Actor actor_of(const json& claims) {
    plan::Actor actor;
    actor.subject = text_of(claims, "sub");
    actor.issuer = text_of(claims, "iss");
    actor.name = text_of(claims, "name");
    actor.role = text_of(claims, "role");
    actor.organisation = text_of(claims, "organisation");
    actor.organisation_name = text_of(claims, "organisation_name");
    // Of anybody else the claim says nothing.
    if (plan::is_person(actor)) actor.person = text_of(claims, "nhs_number");
    const auto senior = claims.find("senior");
    actor.senior = senior != claims.end() && senior->is_boolean() && senior->get<bool>();
    if (actor.subject.empty() || actor.name.empty() || actor.role.empty())
        refuse("The token names no subject, name or role.");
    return actor;
}

std::string digest(const std::string& token) {
    std::string hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

}  // namespace

Identity TokenVerifier::verify(const std::string& authorization) {
    if (authorization.size() < 8 || authorization.substr(0, 7) != "Bearer ")
        refuse("This address needs a signed identity: send Authorization: Bearer and the host's token.");
    const std::string token = authorization.substr(7);
    if (token.size() > longest_token) refuse("The bearer token is too long.");
    const std::string key = digest(token);
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = verified_.find(key); found != verified_.end()) {
            if (found->second.expires > now()) return found->second;
            verified_.erase(found);
        }
    }
    auto identity = verify_token(token);
    const std::lock_guard lock(mutex_);
    if (verified_.size() >= kept_tokens) {
        std::erase_if(verified_,
                      [present = now()](const auto& each) { return each.second.expires <= present; });
        if (verified_.size() >= kept_tokens) verified_.clear();
    }
    verified_[key] = identity;
    return identity;
}

Identity TokenVerifier::verify_token(const std::string& token) {
    const auto first = token.find('.');
    const auto second = first == std::string::npos ? first : token.find('.', first + 1);
    if (second == std::string::npos) refuse("The bearer token is no JWT.");
    const auto header = object(token.substr(0, first));
    if (text_of(header, "alg") != "RS256" || header.contains("crit"))
        refuse("The token is not signed with RS256.");
    const auto key_id = text_of(header, "kid");
    const auto key = keys_.find(key_id);
    if (!key) refuse("The token's key is not one that this exchange trusts.");
    if (control::on("H9.token-signed") &&
        !signature_holds(key.get(), token.substr(0, second), base64url_decoded(token.substr(second + 1))))
        refuse("The token's signature is wrong.");
    const auto claims = object(token.substr(first + 1, second - first - 1));
    Identity identity;
    identity.expires = time_claim(claims, "exp");
    check_times(time_claim(claims, "iat"), identity.expires);
    if (claims.contains("nbf") && time_claim(claims, "nbf") > now() + clock_difference)
        refuse("The token does not hold yet: compare the clocks of host and exchange.");
    if (!is_for_us(claims) && control::on("H9.token-for-us"))
        refuse("The token was issued for another service, not for careplug-exchange.");
    identity.actor = actor_of(claims);
    if (identity.actor.issuer != key_id && control::on("H9.token-of-its-issuer"))
        refuse("The token's issuer does not own the key it is signed with.");
    return identity;
}

}  // namespace careplug::exchange
