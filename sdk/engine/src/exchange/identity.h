// The host's assertion of its signed-in user. The engine reads its claims to know what to offer; the
// exchange verifies the signature and decides.
#pragma once

#include <careplug/plan/role.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace careplug::engine {

class IdentityMistake : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Identity {
    plan::Actor actor;
    std::string token;
    std::int64_t expires = 0;  // UTC milliseconds

    // Whose drafts and outbox these are.
    std::string author() const { return actor.issuer + "\n" + actor.subject; }
    // Who may see the same last-known plans: the same organisation in the same role.
    // A patient's is their own.
    std::string audience() const {
        return actor.issuer + "\n" + actor.organisation + "\n" + actor.role +
               (plan::is_person(actor) ? "\n" + actor.subject + "\n" + actor.person : std::string());
    }
};

inline constexpr const char* exchange_audience = "careplug-exchange";

// Throws IdentityMistake with a sentence.
Identity read_identity(const std::string& token, std::int64_t now);

}  // namespace careplug::engine
