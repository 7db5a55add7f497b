#include "exchange/identity.h"

#include <Poco/Base64Decoder.h>
#include <careplug/controls/controls.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr const char* remedy = " Sign in again, or tell the administrator.";

std::string decoded(std::string part) {
    std::replace(part.begin(), part.end(), '-', '+');
    std::replace(part.begin(), part.end(), '_', '/');
    while (part.size() % 4 != 0) part += '=';
    std::istringstream source(part);
    Poco::Base64Decoder decoder(source);
    std::string text;
    for (char one = 0; decoder.get(one);) text += one;
    if (decoder.bad()) throw std::invalid_argument("the claims are not base64url");
    return text;
}

json claims_of(const std::string& token) {
    const auto first = token.find('.');
    const auto second = first == std::string::npos ? first : token.find('.', first + 1);
    if (second == std::string::npos || token.size() > 16384)
        throw IdentityMistake(std::string("The sign-in from this system is not a signed token.") + remedy);
    try {
        json claims = json::parse(decoded(token.substr(first + 1, second - first - 1)));
        if (claims.is_object()) return claims;
    } catch (const std::exception&) {
        // said below
    }
    throw IdentityMistake(std::string("The sign-in from this system cannot be read.") + remedy);
}

std::string text_claim(const json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end() || !found->is_string()) return {};
    const std::string& text = found->get_ref<const std::string&>();
    // These make the keys under which drafts and plans are kept: one person's never spells another's.
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }))
        throw IdentityMistake(std::string("The sign-in from this system cannot be read.") + remedy);
    return text;
}

bool for_exchange(const json& claims) {
    const auto audience = claims.find("aud");
    if (audience == claims.end()) return false;
    if (audience->is_string()) return audience->get<std::string>() == exchange_audience;
    return audience->is_array() &&
           std::find(audience->begin(), audience->end(), exchange_audience) != audience->end();
}

}  // namespace

Identity read_identity(const std::string& token, std::int64_t now) {
    const json claims = claims_of(token);
    Identity identity;
    identity.token = token;
    identity.actor.issuer = text_claim(claims, "iss");
    identity.actor.subject = text_claim(claims, "sub");
    identity.actor.name = text_claim(claims, "name");
    identity.actor.role = text_claim(claims, "role");
    identity.actor.organisation = text_claim(claims, "organisation");
    identity.actor.organisation_name = text_claim(claims, "organisation_name");
    if (plan::is_person(identity.actor)) identity.actor.person = text_claim(claims, "nhs_number");
    identity.actor.senior =
        claims.contains("senior") && claims["senior"].is_boolean() && claims["senior"].get<bool>();
    if (identity.actor.issuer.empty() || identity.actor.subject.empty())
        throw IdentityMistake(std::string("The sign-in from this system does not say who signed in.") +
                              remedy);
    if (!for_exchange(claims) && control::on("H9.sign-in-for-exchange"))
        throw IdentityMistake(
            std::string("The sign-in from this system is not meant for the care plan exchange.") + remedy);
    const auto expiry = claims.find("exp");
    if (expiry == claims.end() || !expiry->is_number())
        throw IdentityMistake(std::string("The sign-in from this system has no end.") + remedy);
    constexpr double last_second = 1e11;
    identity.expires = static_cast<std::int64_t>(std::clamp(expiry->get<double>(), 0.0, last_second) * 1000);
    if (identity.expires <= now)
        throw IdentityMistake(std::string("The sign-in from this system has expired.") + remedy);
    if (!plan::known_role(identity.actor.role))
        throw IdentityMistake("The role \"" + identity.actor.role +
                              "\" is not known to the care plan service." + remedy);
    return identity;
}

}  // namespace careplug::engine
