// Somebody who may write the plugin's file (which the check of owners and modes would prevent) exchanges its
// bytes in place, again and again, while the package is opened.
#include <careplug/plugin.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "yard.h"

using namespace careplug;
using namespace careplug::test;

namespace {

using Clock = std::chrono::steady_clock;

// Writes `good`, `bad`, and halves of both, until it goes.
class Attacker {
public:
    Attacker(std::filesystem::path file, std::string good, std::string bad)
        : file_(std::move(file)), good_(std::move(good)), bad_(std::move(bad)), thread_([this] { work(); }) {}
    ~Attacker() {
        stop_ = true;
        thread_.join();
    }
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

private:
    void work() {
        const int file = ::open(file_.c_str(), O_WRONLY | O_CLOEXEC);
        for (unsigned round = 0; !stop_; ++round) {
            const std::string& text = round % 2 == 0 ? bad_ : good_;
            const std::size_t part = text.size() / 8 + 1;
            for (std::size_t at = 0; at < text.size(); at += part) {
                const std::size_t size = std::min(part, text.size() - at);
                if (::pwrite(file, text.data() + at, size, static_cast<off_t>(at)) < 0) break;
                if (round % 3 == 0) std::this_thread::yield();
            }
            static_cast<void>(::ftruncate(file, static_cast<off_t>(text.size())));
            std::this_thread::sleep_for(std::chrono::microseconds(round % 7 * 300));
        }
        ::close(file);
    }

    const std::filesystem::path file_;
    const std::string good_;
    const std::string bad_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

std::string bytes_in(const package::Descriptor& memory, std::uint64_t size) {
    std::string bytes(size, '\0');
    if (::pread(memory.number(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(size)) return {};
    return bytes;
}

// The id that the code in this memory gives of itself.
std::string id_of_loaded(const package::Descriptor& memory) {
    const std::string path = "/proc/self/fd/" + std::to_string(memory.number());
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return ::dlerror();
    void* const found = ::dlsym(library, "careplug_entry");
    decltype(&careplug_entry) entry = nullptr;
    std::memcpy(&entry, &found, sizeof entry);
    const careplug_plugin_offer offer{sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                                      CAREPLUG_ABI_CANDIDATE};
    careplug_plugin_answer answer{};
    answer.size = sizeof answer;
    entry(&offer, &answer);
    std::string text(4096, '\0');
    std::uint64_t length = 0;
    answer.policy->describe(text.data(), text.size(), &length);
    text.resize(length);
    ::dlclose(library);
    return text;
}

}  // namespace

TEST_CASE("H16: bytes that are exchanged while a package is opened are never taken") {
    Yard yard;
    std::string bad(150000, 'b');
    put(yard.file, std::string(120000, 'g'));
    const std::string good = contents(yard.file);
    yard.manifest.sha256 = package::sha256_of_file(yard.file.string());
    yard.write_package();
    const package::Trust trust = package::read_trust(yard.trust.string());
    const Attacker attacker(yard.file, good, bad);
    int taken = 0;
    int refused = 0;
    const auto end = Clock::now() + std::chrono::seconds(60);
    while ((taken < 100 || refused < 100) && Clock::now() < end) {
        try {
            const package::Package opened = package::open_package(yard.package.string(), trust, yard.here);
            ++taken;
            if (bytes_in(opened.file, opened.file_size) != good) FAIL("other bytes were taken");
        } catch (const package::Refusal&) {
            ++refused;
        }
    }
    CHECK(taken >= 100);
    CHECK(refused >= 100);
}

TEST_CASE("H16: the copy that was judged is sealed: nobody writes to it, makes it longer or cuts it") {
    const Yard yard;
    const package::Package opened = yard.open();
    const int memory = opened.file.number();
    errno = 0;
    CHECK(::pwrite(memory, "x", 1, 0) == -1);
    CHECK(errno == EPERM);
    CHECK(::ftruncate(memory, 1) == -1);
    CHECK(::ftruncate(memory, 1 << 20) == -1);
    const auto path = "/proc/self/fd/" + std::to_string(memory);
    const package::Descriptor again(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    CHECK(::pwrite(again.number(), "x", 1, 0) == -1);
    CHECK(bytes_in(opened.file, opened.file_size) == contents(yard.file));
}

TEST_CASE("H16: code that is exchanged in place is never loaded") {
    const std::string built = std::string(CAREPLUG_BUILD_DIR) + "/plugins/";
    const std::string good = contents(built + "gp.so");
    const std::string bad = contents(built + "ae.so");
    Yard yard;
    put(yard.file, good);
    yard.manifest.sha256 = package::sha256_of_file(yard.file.string());
    yard.write_package();
    const package::Trust trust = package::read_trust(yard.trust.string());
    int loaded = 0;
    {
        const Attacker attacker(yard.file, good, bad);
        const auto end = Clock::now() + std::chrono::seconds(60);
        while (loaded < 10 && Clock::now() < end) {
            try {
                const package::Package opened =
                    package::open_package(yard.package.string(), trust, yard.here);
                CHECK(id_of_loaded(opened.file).find("careplug.gp") != std::string::npos);
                ++loaded;
            } catch (const package::Refusal&) {
                // the bytes were not the signed ones at that moment
            }
        }
    }
    CHECK(loaded == 10);
    // That the other one would have told on itself.
    put(yard.file, bad);
    const package::Descriptor other(::open(yard.file.c_str(), O_RDONLY | O_CLOEXEC));
    CHECK(id_of_loaded(other).find("careplug.ae") != std::string::npos);
}
