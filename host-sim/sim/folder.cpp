#include "folder.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::sim {
namespace {

namespace fs = std::filesystem;

std::runtime_error cannot_write(const fs::path& path, int error) {
    const std::string what =
        "The data folder cannot be written (" + path.string() + ": " + std::strerror(error) + "). ";
    return std::runtime_error(what + (error == ENOSPC
                                          ? "Free some disk space, then start again."
                                          : "Choose another with --data, or change its permissions."));
}

void make_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) throw cannot_write(path, error.value());
    fs::permissions(path, fs::perms::owner_all, error);
    if (error) throw cannot_write(path, error.value());
}

// The exchange and the hosts' engines keep their databases here: a disk that is nearly full would stop them
// in the middle of a demonstration.
void check_space(const fs::path& path) {
    constexpr std::uintmax_t needed = 64 * 1024 * 1024;
    std::error_code error;
    const auto space = fs::space(path, error);
    if (error || space.available >= needed) return;
    throw std::runtime_error("The disk of the data folder " + path.string() + " has " +
                             std::to_string(space.available / (1024 * 1024)) +
                             " MB free and the simulator needs 64: free some disk space, or choose another "
                             "folder with --data.");
}

// Beside its place first, then renamed: never half a file.
void write_file(const fs::path& path, const std::string& content, mode_t mode = 0600) {
    const fs::path beside = path.string() + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0) throw cannot_write(path, errno);
    std::size_t written = 0;
    while (written < content.size()) {
        const ssize_t count = ::write(file, content.data() + written, content.size() - written);
        if (count <= 0) {
            const int error = errno;
            ::close(file);
            throw cannot_write(path, error);
        }
        written += static_cast<std::size_t>(count);
    }
    if (::fsync(file) != 0 || ::close(file) != 0) throw cannot_write(path, errno);
    std::error_code error;
    fs::rename(beside, path, error);
    if (error) throw cannot_write(path, error.value());
}

struct Closer {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* memory) const { BIO_free(memory); }
};

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

void make_key_pair(const fs::path& private_key, const fs::path& public_key) {
    if (fs::exists(private_key) && fs::exists(public_key)) return;
    const std::unique_ptr<EVP_PKEY, Closer> key(EVP_RSA_gen(2048));
    const std::unique_ptr<BIO, Closer> secret(BIO_new(BIO_s_mem()));
    const std::unique_ptr<BIO, Closer> open(BIO_new(BIO_s_mem()));
    if (!key || !secret || !open ||
        PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
        throw std::runtime_error("A signing key could not be made. Check this computer's OpenSSL.");
    write_file(private_key, text_of(secret.get()));
    write_file(public_key, text_of(open.get()));
}

void make_store_key(const fs::path& path) {
    if (fs::exists(path)) return;
    std::string key(32, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
        throw std::runtime_error("This computer gives no random numbers for the store's key.");
    write_file(path, key);
}

nlohmann::json read_seeded(const fs::path& path) {
    std::ifstream file(path);
    if (!file) return nullptr;
    return nlohmann::json::parse(file, nullptr, false);
}

}  // namespace

Folder::Folder(fs::path path, const Seeded& wanted) : path_(fs::absolute(path)), seeded_(wanted) {
    make_folder(path_);
    path_ = fs::canonical(path_);  // an engine takes no plugin by way of a link
    check_space(path_);
    const fs::path lock = path_ / "lock";
    lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) throw cannot_write(lock, errno);
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
        throw std::runtime_error("Another simulator uses the data folder " + path_.string() +
                                 ". Stop it, or choose another folder with --data.");
    for (const char* part : {"keys", "trust", "exchange", "hosts", "log"}) make_folder(path_ / part);
    make_key_pair(key(own_issuer), trust() / (std::string(own_issuer) + ".pem"));
    for (const std::string kind : host_kinds) {
        make_folder(path_ / "hosts" / kind / "store");
        make_key_pair(key(kind), trust() / (kind + ".pem"));
        make_store_key(path_ / "hosts" / kind / "store.key");
    }
    const nlohmann::json seeded = read_seeded(path_ / "seeded.json");
    if (seeded.is_object()) {
        seeded_.seed = seeded.value("seed", wanted.seed);
        seeded_.patients = seeded.value("patients", wanted.patients);
        seeded_.complete = seeded.value("complete", false);
    } else {
        write_file(
            path_ / "seeded.json",
            nlohmann::json{{"seed", wanted.seed}, {"patients", wanted.patients}, {"complete", false}}.dump());
    }
}

Folder::~Folder() {
    if (lock_ >= 0) ::close(lock_);
}

void Folder::remember_seeded() {
    seeded_.complete = true;
    write_file(
        path_ / "seeded.json",
        nlohmann::json{{"seed", seeded_.seed}, {"patients", seeded_.patients}, {"complete", true}}.dump());
}

void Folder::write_settings(const std::string& kind, const std::string& exchange, const fs::path& datasets) {
    const fs::path folder = path_ / "hosts" / kind;
    const nlohmann::json content{{"exchange", exchange},
                                 {"store", (folder / "store").string()},
                                 {"key", (folder / "store.key").string()},
                                 {"datasets", datasets.string()},
                                 {"plugins", plugins().string()},
                                 {"trust", plugin_trust().string()},
                                 {"kinds", {{kind, kind}}},
                                 {"log", log("engine-" + kind).string()}};
    write_file(settings(kind), content.dump(1));
}

void Folder::write_token(const std::string& token) {
    write_file(path_ / "token", token + "\n");
}

}  // namespace careplug::sim
