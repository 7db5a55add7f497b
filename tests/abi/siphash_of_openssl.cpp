#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <stdexcept>

#include "flag_rows.h"

namespace careplug::test {

wire::Hash siphash_of_openssl(const wire::HashKey& key, std::span<const std::uint64_t> words) {
    const std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)> algorithm(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr),
                                                                 EVP_MAC_free);
    const std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)> context(EVP_MAC_CTX_new(algorithm.get()),
                                                                       EVP_MAC_CTX_free);
    std::size_t size = 16;
    const OSSL_PARAM wide[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                               OSSL_PARAM_construct_end()};
    wire::Hash hash;
    unsigned char bytes[16];
    if (EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.data()), 16, wide) != 1 ||
        EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(words.data()),
                       words.size_bytes()) != 1 ||
        EVP_MAC_final(context.get(), bytes, &size, sizeof bytes) != 1)
        throw std::runtime_error("OpenSSL has no SipHash");
    std::memcpy(&hash.low, bytes, 8);
    std::memcpy(&hash.high, bytes + 8, 8);
    return hash;
}

}  // namespace careplug::test
