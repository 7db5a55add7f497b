// The public keys of the hosts whose assertions count: one KID.pem each in the trust folder.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace careplug::exchange {

class TrustedKeys {
public:
    explicit TrustedKeys(std::filesystem::path folder);

    // Looks into the folder when the key id is not known yet, or was read more than a minute ago. Null for
    // none.
    std::shared_ptr<EVP_PKEY> find(const std::string& key_id);

private:
    struct Entry {
        std::shared_ptr<EVP_PKEY> key;
        std::int64_t read = 0;
    };
    std::filesystem::path folder_;
    std::mutex mutex_;
    std::map<std::string, Entry> keys_;
};

}  // namespace careplug::exchange
