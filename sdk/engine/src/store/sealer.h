// Seals what the store keeps. AES-256-GCM with a random nonce; the place where a value lies is associated
// data, so that a sealed value copied to another row, column or version does not open. Lookup keys are
// keyed hashes. All keys are derived from the administrator's key file.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace careplug::engine {

class KeyMistake : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class SealBroken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Sealer {
public:
    // 32 bytes, mode 0600, owned by this user: anything else is a KeyMistake with a sentence.
    explicit Sealer(const std::string& key_file);
    // Of one owner in the same store: with a key that opens nobody else's.
    Sealer(const Sealer& store, std::string_view owner);
    ~Sealer();
    Sealer(const Sealer&) = delete;
    Sealer& operator=(const Sealer&) = delete;

    std::string seal(std::string_view clear, std::string_view place) const;
    std::string open(std::string_view sealed, std::string_view place) const;
    std::string lookup(std::string_view clear) const;  // 64 hexadecimal digits

private:
    using Key = std::array<unsigned char, 32>;
    Key seal_key_{};
    Key lookup_key_{};
    std::array<unsigned char, 4> key_id_{};
};

std::string random_uuid();

}  // namespace careplug::engine
