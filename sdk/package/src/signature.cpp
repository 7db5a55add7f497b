#include <careplug/package/refusal.h>
#include <careplug/package/signature.h>
#include <openssl/evp.h>

#include <careplug/package/hex.h>

namespace careplug::package {

namespace {

// So that no signature made for something else is one of a package.
constexpr std::string_view domain("careplug package manifest 1\0", 28);
constexpr std::string_view first_words = "careplug-signature-1 ";
constexpr std::size_t id_digits = 32;
constexpr std::size_t signature_size = 64;

struct ContextCloser {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextCloser>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string signed_text(std::string_view manifest) {
    return std::string(domain) + std::string(manifest);
}

}  // namespace

void KeyCloser::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

Signature parse_signature(std::string_view text) {
    const std::size_t id_at = first_words.size();
    const std::size_t signature_at = id_at + id_digits + 1;
    const std::size_t size = signature_at + signature_size * 2 + 1;
    const Refusal refusal(
        "The file signature is damaged: install the package again, or sign it again with careplug sign.");
    if (text.size() != size || text.substr(0, id_at) != first_words || text[signature_at - 1] != ' ' ||
        text.back() != '\n')
        throw refusal;
    const std::string_view id = text.substr(id_at, id_digits);
    const auto raw = bytes_of(text.substr(signature_at, signature_size * 2), signature_size);
    if (!raw || !bytes_of(id, id_digits / 2)) throw refusal;
    return {std::string(id), *raw};
}

bool signature_holds(const Signature& signature, std::string_view manifest, std::string_view public_key) {
    const PrivateKey key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size()));
    const Context context(EVP_MD_CTX_new());
    const std::string text = signed_text(manifest);
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature.bytes), signature.bytes.size(), bytes(text),
                            text.size()) == 1;
}

std::string sign(std::string_view manifest, const PrivateKey& key) {
    const Context context(EVP_MD_CTX_new());
    const std::string text = signed_text(manifest);
    std::string raw(signature_size, '\0');
    std::size_t size = raw.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(raw.data()), &size, bytes(text),
                       text.size()) != 1 ||
        size != raw.size())
        throw Refusal("The manifest could not be signed: make a key with careplug keygen.");
    return std::string(first_words) + key_id_of(public_key_of(key)) + " " + hex_of(raw) + "\n";
}

std::string public_key_of(const PrivateKey& key) {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) != 1 ||
        size != raw.size())
        throw Refusal("The key is no Ed25519 key: make one with careplug keygen.");
    return raw;
}

std::string key_id_of(std::string_view public_key) {
    return hex_of(sha256(public_key)).substr(0, id_digits);
}

}  // namespace careplug::package
