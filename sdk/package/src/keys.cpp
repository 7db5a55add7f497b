#include <careplug/package/keys.h>
#include <careplug/package/manifest.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include <careplug/package/hex.h>
#include "strict_json.h"

namespace careplug::package {

namespace {

struct MemoryCloser {
    void operator()(BIO* memory) const { BIO_free(memory); }
};
using Memory = std::unique_ptr<BIO, MemoryCloser>;

// Days since 1970 of a date such as 2028-11-22.
std::optional<std::int64_t> day_of(std::string_view text) {
    const auto digits = [&](std::size_t from, std::size_t count) -> int {
        int value = 0;
        for (const char c : text.substr(from, count)) {
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = digits(0, 4);
    const int month = digits(5, 2);
    const int day = digits(8, 2);
    if (year < 1970 || month < 1 || day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

bool is_plugin_pattern(std::string_view text) {
    if (text.size() > 2 && text.substr(text.size() - 2) == ".*") text.remove_suffix(2);
    return is_plugin_id(text);
}

}  // namespace

bool TrustedKey::may_sign(std::string_view plugin_id) const {
    return std::any_of(plugins.begin(), plugins.end(), [&](const std::string& each) {
        if (!each.ends_with(".*")) return plugin_id == each;
        const std::string_view begin = std::string_view(each).substr(0, each.size() - 1);
        return plugin_id.size() > begin.size() && plugin_id.substr(0, begin.size()) == begin;
    });
}

std::int64_t TrustedKey::days_left(std::int64_t now) const {
    const std::int64_t today = now >= 0 ? now / 86400 : -1;
    return day_of(expires).value_or(-1) - today;
}

bool TrustedKey::expired(std::int64_t now) const {
    return days_left(now) < 0;
}

TrustedKey parse_trusted_key(std::string_view text) {
    const std::string what = "The public key file";
    const nlohmann::json object = parse_object(text, what);
    Members members(object, what);
    TrustedKey key;
    key.id = members.text("id");
    key.vendor = members.text("vendor");
    const auto raw = bytes_of(members.text("public_key"), 32);
    if (!raw) members.refuse("needs as \"public_key\" 64 small hexadecimal digits: copy it again.");
    key.public_key = *raw;
    if (key.id != key_id_of(key.public_key))
        members.refuse(
            "has an \"id\" that is not its key's: copy the file again as careplug keygen made it.");
    key.expires = members.text("expires");
    if (!day_of(key.expires)) members.refuse("needs as \"expires\" a date such as 2028-11-22: correct it.");
    key.plugins = members.texts("plugins");
    if (key.plugins.empty() || !std::all_of(key.plugins.begin(), key.plugins.end(), is_plugin_pattern))
        members.refuse(
            "needs as \"plugins\" a list of ids such as \"example.night-nursing\" or \"example.*\": correct "
            "it.");
    members.no_others();
    return key;
}

std::string write_trusted_key(const TrustedKey& key) {
    const nlohmann::ordered_json document = {{"id", key.id},
                                             {"vendor", key.vendor},
                                             {"public_key", hex_of(key.public_key)},
                                             {"expires", key.expires},
                                             {"plugins", key.plugins}};
    return document.dump(1) + "\n";
}

PrivateKey make_private_key() {
    PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!key) throw Refusal("OpenSSL could not make an Ed25519 key: check its installation.");
    return key;
}

std::string write_private_key(const PrivateKey& key) {
    const Memory memory(BIO_new(BIO_s_secmem()));
    if (!memory ||
        PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        throw Refusal("OpenSSL could not write the key: check its installation.");
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

PrivateKey read_private_key(const std::string& file) {
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat facts {};
    std::array<char, 4096> text;
    const bool plain = opened >= 0 && ::fstat(opened, &facts) == 0 && S_ISREG(facts.st_mode);
    const ssize_t got = plain ? ::read(opened, text.data(), text.size()) : -1;
    if (opened >= 0) ::close(opened);
    if (got < 0)
        throw Refusal("The key file " + file + " cannot be read: name the file that careplug keygen made.");
    if (facts.st_uid != ::geteuid() || (facts.st_mode & 0077) != 0) {
        OPENSSL_cleanse(text.data(), text.size());
        throw Refusal("The key file " + file +
                      " is open to others: chmod 600 it, and make a new key if it was so for long.");
    }
    const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(got)));
    // Without a passphrase to ask for: a program that signs must never wait at a terminal.
    PrivateKey key(PEM_read_bio_PrivateKey(
        memory.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
    OPENSSL_cleanse(text.data(), text.size());
    if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
        throw Refusal("The file " + file + " is no Ed25519 private key: make one with careplug keygen.");
    return key;
}

}  // namespace careplug::package
