#include "store/sealer.h"

#include <careplug/controls/controls.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

namespace careplug::engine {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t id_size = 4;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void require(int done) {
    if (done != 1) throw std::runtime_error("a cryptographic operation failed");
}

std::array<unsigned char, 32> derive(const std::array<unsigned char, 32>& key, std::string_view purpose) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                &EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()),
                                                                            &EVP_KDF_CTX_free);
    std::string info(purpose);
    std::string digest = "SHA256";
    auto material = key;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, material.data(), material.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    std::array<unsigned char, 32> derived{};
    require(EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters));
    OPENSSL_cleanse(material.data(), material.size());
    return derived;
}

std::array<unsigned char, 32> read_key(const std::string& path) {
    const std::string remedy =
        " Ask the administrator to make it: 32 random bytes, owned by this user, mode 0600.";
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw KeyMistake("The key file " + path + " cannot be read." + remedy);
    struct stat facts {};
    std::array<unsigned char, 32> key{};
    const bool stated = ::fstat(file, &facts) == 0;
    const auto got = stated ? ::read(file, key.data(), key.size()) : -1;
    ::close(file);
    if (!stated || got != static_cast<ssize_t>(key.size()) || facts.st_size != static_cast<off_t>(key.size()))
        throw KeyMistake("The key file " + path + " does not hold exactly 32 bytes." + remedy);
    if (facts.st_uid != ::geteuid())
        throw KeyMistake("The key file " + path + " belongs to another user." + remedy);
    if ((facts.st_mode & 0077) != 0)
        throw KeyMistake("The key file " + path + " is open to other users." + remedy);
    return key;
}

}  // namespace

Sealer::Sealer(const std::string& key_file) {
    auto key = read_key(key_file);
    seal_key_ = derive(key, "careplug store seal 1");
    lookup_key_ = derive(key, "careplug store lookup 1");
    const auto id = derive(key, "careplug store key id 1");
    std::copy_n(id.begin(), key_id_.size(), key_id_.begin());
    OPENSSL_cleanse(key.data(), key.size());
}

Sealer::Sealer(const Sealer& store, std::string_view owner)
    : seal_key_(derive(store.seal_key_, "careplug store owner 1 " + std::string(owner))),
      lookup_key_(store.lookup_key_),
      key_id_(store.key_id_) {}

Sealer::~Sealer() {
    OPENSSL_cleanse(seal_key_.data(), seal_key_.size());
    OPENSSL_cleanse(lookup_key_.data(), lookup_key_.size());
}

std::string Sealer::seal(std::string_view clear, std::string_view place) const {
    if (!control::on("H12.store-sealed")) return std::string(clear);
    std::string sealed(id_size + nonce_size + clear.size() + tag_size, '\0');
    std::copy(key_id_.begin(), key_id_.end(), bytes(sealed));
    unsigned char* nonce = bytes(sealed) + id_size;
    unsigned char* body = nonce + nonce_size;
    require(RAND_bytes(nonce, nonce_size));
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, seal_key_.data(), nonce));
    int length = 0;
    require(EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(place), static_cast<int>(place.size())));
    require(EVP_EncryptUpdate(cipher.get(), body, &length, bytes(clear), static_cast<int>(clear.size())));
    require(EVP_EncryptFinal_ex(cipher.get(), body + length, &length));
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + clear.size()));
    return sealed;
}

std::string Sealer::open(std::string_view sealed, std::string_view place) const {
    if (!control::on("H12.store-sealed")) return std::string(sealed);
    if (sealed.size() < id_size + nonce_size + tag_size) throw SealBroken("a sealed value is too short");
    if (!std::equal(key_id_.begin(), key_id_.end(), bytes(sealed)))
        throw SealBroken("a sealed value was written under another key");
    const unsigned char* nonce = bytes(sealed) + id_size;
    const unsigned char* body = nonce + nonce_size;
    const std::size_t size = sealed.size() - id_size - nonce_size - tag_size;
    std::vector<unsigned char> tag(body + size, body + size + tag_size);
    std::string clear(size, '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, seal_key_.data(), nonce));
    int length = 0;
    require(EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(place), static_cast<int>(place.size())));
    require(EVP_DecryptUpdate(cipher.get(), bytes(clear), &length, body, static_cast<int>(size)));
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()));
    unsigned char rest[16];
    if (EVP_DecryptFinal_ex(cipher.get(), rest, &length) != 1)
        throw SealBroken("a sealed value was changed or moved");
    return clear;
}

std::string Sealer::lookup(std::string_view clear) const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), lookup_key_.data(), static_cast<int>(lookup_key_.size()), bytes(clear),
             clear.size(), digest, &size) == nullptr)
        throw std::runtime_error("a cryptographic operation failed");
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int at = 0; at < size; ++at) {
        text += digits[digest[at] >> 4];
        text += digits[digest[at] & 15];
    }
    return text;
}

std::string random_uuid() {
    unsigned char raw[16];
    require(RAND_bytes(raw, sizeof raw));
    raw[6] = static_cast<unsigned char>((raw[6] & 0x0f) | 0x40);
    raw[8] = static_cast<unsigned char>((raw[8] & 0x3f) | 0x80);
    char text[37];
    std::snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                  raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7], raw[8], raw[9], raw[10],
                  raw[11], raw[12], raw[13], raw[14], raw[15]);
    return text;
}

}  // namespace careplug::engine
