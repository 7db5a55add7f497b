#include "sealed_copy.h"

#include <careplug/controls/controls.h>
#include <careplug/package/refusal.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include <careplug/package/hex.h>

namespace careplug::package {

namespace {

constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
using Part = std::array<char, 64 * 1024>;

struct DigestCloser {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Refusal no_memory() {
    return Refusal(std::string("The plugin cannot be copied into memory: ") + std::strerror(errno) +
                   ". Free some memory, then try again.");
}

void write_all(int descriptor, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t count = ::write(descriptor, data, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw no_memory();
        data += count;
        size -= static_cast<std::size_t>(count);
    }
}

std::uint64_t copy(int from, int to, const std::string& path, std::size_t most) {
    Part part;
    std::uint64_t size = 0;
    for (;;) {
        const ssize_t count = ::read(from, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw Refusal("The file " + path + " cannot be read: " + std::strerror(errno) + ".");
        if (count == 0) return size;
        size += static_cast<std::uint64_t>(count);
        if (size > most) throw Refusal("The file " + path + " grows while it is read: install it again.");
        write_all(to, part.data(), static_cast<std::size_t>(count));
    }
}

std::string hash_of(int memory, std::uint64_t size) {
    const std::unique_ptr<EVP_MD_CTX, DigestCloser> context(EVP_MD_CTX_new());
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    Part part;
    for (std::uint64_t at = 0; good && at < size;) {
        const ssize_t count = ::pread(memory, part.data(), part.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        good =
            count > 0 && EVP_DigestUpdate(context.get(), part.data(), static_cast<std::size_t>(count)) == 1;
        at += good ? static_cast<std::uint64_t>(count) : 0;
    }
    std::string digest(32, '\0');
    if (!good ||
        EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) != 1)
        throw Refusal("OpenSSL could not compute a SHA-256: check its installation.");
    return hex_of(digest);
}

// For a moment the kernel itself may hold a page of it (EBUSY): that passes.
bool seal(int memory) {
    constexpr int tries = 100;
    constexpr auto pause = std::chrono::milliseconds(10);
    for (int attempt = 0; ::fcntl(memory, F_ADD_SEALS, seals) != 0; ++attempt) {
        if (errno != EBUSY || attempt == tries) return false;
        std::this_thread::sleep_for(pause);
    }
    return ::fcntl(memory, F_GET_SEALS) == seals;
}

}  // namespace

SealedCopy sealed_copy(const Descriptor& file, const std::string& path, std::size_t most) {
    SealedCopy result;
    result.memory = Descriptor(::memfd_create("careplug-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!result.memory) throw no_memory();
    result.size = copy(file.number(), result.memory.number(), path, most);
    if (control::on("H16.sealed-copy") && !seal(result.memory.number()))
        throw Refusal("The copy of the plugin cannot be sealed: this system is too old for it.");
    result.sha256 = hash_of(result.memory.number(), result.size);
    return result;
}

}  // namespace careplug::package
