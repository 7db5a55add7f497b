#include "trusted_keys.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <chrono>
#include <cstdio>

#include "resource_types.h"

namespace careplug::exchange {

namespace {

constexpr std::int64_t trusted_seconds = 60;

std::int64_t steady_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::shared_ptr<EVP_PKEY> read_key(const std::filesystem::path& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "re"), std::fclose);
    if (!opened) return nullptr;
    return {PEM_read_PUBKEY(opened.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

}  // namespace

TrustedKeys::TrustedKeys(std::filesystem::path folder) : folder_(std::move(folder)) {}

std::shared_ptr<EVP_PKEY> TrustedKeys::find(const std::string& key_id) {
    // A key id becomes a file name: nothing that could leave the folder.
    if (!is_resource_id(key_id) || key_id.front() == '.') return nullptr;
    const std::lock_guard lock(mutex_);
    const auto now = steady_seconds();
    if (const auto found = keys_.find(key_id);
        found != keys_.end() && now - found->second.read < trusted_seconds)
        return found->second.key;
    auto key = read_key(folder_ / (key_id + ".pem"));
    if (!key)
        keys_.erase(key_id);
    else
        keys_[key_id] = {key, now};
    return key;
}

}  // namespace careplug::exchange
