// What the engine itself may no longer do, tried in a process that is confined as the engine is.
#include "system/confinement.h"

#include <arpa/inet.h>
#include <careplug/jail/landlock.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "jail/jails.h"
#include "support/process.h"

using namespace careplug::test;
using namespace careplug::engine;

namespace {

constexpr int worked = 0;
constexpr int failed = 1;

bool connected(std::uint16_t port) {
    const int client = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

// A server on loopback for as long as this exists.
struct Listener {
    int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port = 0;
    Listener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(descriptor, 8) != 0)
            throw std::runtime_error("no port on loopback");
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
    }
    ~Listener() { ::close(descriptor); }
};

// The attempt's answer in a child that is confined, or that is not.
bool works(const Settings& settings, bool confined, const std::function<bool()>& attempt) {
    const pid_t child = ::fork();
    if (child == 0) {
        const careplug::package::Descriptor jail(
            ::open(CAREPLUG_BUILD_DIR "/bin/careplug-jail", O_PATH | O_CLOEXEC));
        try {
            if (confined) const Confinement confinement(settings, jail);
            ::_exit(attempt() ? worked : failed);
        } catch (const std::exception&) {
            ::_exit(failed);
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == worked;
}

bool written(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return file >= 0 && ::write(file, "x", 1) == 1;
}

// A file or a folder.
bool readable(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    char one = 0;
    return file >= 0 && ::fstat(file, &about) == 0 && (S_ISDIR(about.st_mode) || ::read(file, &one, 1) == 1);
}

bool found_by_name(const char* name) {
    addrinfo* found = nullptr;
    return ::getaddrinfo(name, "80", nullptr, &found) == 0 && found != nullptr;
}

bool executed(const char* program) {
    const pid_t child = ::fork();
    if (child == 0) {
        char* const none[] = {nullptr};
        ::execve(program, none, none);
        ::_exit(failed);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == worked;
}

}  // namespace

TEST_CASE("H16: a confined engine keeps its store, its exchange and its jails, and nothing else") {
    const careplug::jail::Landlock kernel;
    const TemporaryFolder folder;
    const Listener exchange;
    const Listener other;
    Settings settings;
    settings.store = (folder / "store").string();
    settings.datasets = (folder / "datasets").string();
    settings.plugins = CAREPLUG_BUILD_DIR "/plugins";
    settings.trust = (folder / "trust").string();
    settings.authority = (folder / "authority.pem").string();
    settings.exchange = "http://127.0.0.1:" + std::to_string(exchange.port) + "/fhir";
    for (const char* file : {"store/kept", "datasets/form.json", "trust/vendor.json", "authority.pem",
                             "home/letter", "another/store", "another/key"}) {
        std::filesystem::create_directories((folder / file).parent_path());
        std::ofstream(folder / file) << "words";
    }
    const pid_t parent = ::getpid();

    struct Attempt {
        std::string what;
        std::function<bool()> attempt;
        bool allowed;
        int landlock;  // the version that it takes to refuse it; 0: none
    };
    const std::vector<Attempt> attempts = {
        {"write in the store", [&] { return written(settings.store + "/draft"); }, true, 0},
        {"connect to the exchange", [&] { return connected(exchange.port); }, true, 0},
        {"read its store", [&] { return readable(settings.store + "/kept"); }, true, 0},
        {"read its data sets", [&] { return readable(settings.datasets + "/form.json"); }, true, 0},
        {"read its plugins", [&] { return readable(settings.plugins + "/gp.so"); }, true, 0},
        {"read the keys of those it trusts", [&] { return readable(settings.trust + "/vendor.json"); }, true,
         0},
        {"read the certificate of the exchange", [&] { return readable(settings.authority); }, true, 0},
        {"read the certificates of the system", [] { return readable("/etc/ssl/certs"); }, true, 0},
        {"read random bytes", [] { return readable("/dev/urandom"); }, true, 0},
        {"find a host by its name", [] { return found_by_name("localhost"); }, true, 0},
        {"ask the name servers", [] { return readable("/etc/resolv.conf"); }, true, 0},
        {"tell the local time", [] { return readable("/etc/localtime"); }, true, 0},
        {"start a jail",
         [] {
             const auto plugin = start_plugin(good_file("gp"), jail_options());
             return !ask(*plugin->open(good_session()), "actions", false).empty();
         },
         true, 0},
        {"read who has an account", [] { return readable("/etc/passwd"); }, false, 1},
        {"read somebody's letters", [&] { return readable(folder / "home/letter"); }, false, 1},
        {"see what lies in a home", [&] { return readable(folder / "home"); }, false, 1},
        {"read another store", [&] { return readable(folder / "another/store"); }, false, 1},
        {"read the key of another store", [&] { return readable(folder / "another/key"); }, false, 1},
        {"write elsewhere", [&] { return written((folder / "elsewhere").string()); }, false, 1},
        {"start another program", [] { return executed("/bin/true"); }, false, 1},
        {"connect elsewhere", [&] { return connected(other.port); }, false, 4},
        {"listen", [] { return Listener().port != 0; }, false, 4},
        {"signal another process", [&] { return ::kill(parent, 0) == 0; }, false, 6},
        {"trace itself", [] { return ::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0; }, false, 0},
    };
    for (const Attempt& one : attempts) {
        INFO(one.what);
        CHECK(works(settings, false, one.attempt));
        if (one.landlock > kernel.version()) {
            WARN("This computer's kernel cannot refuse: " << one.what);
            continue;
        }
        CHECK(works(settings, true, one.attempt) == one.allowed);
    }
}

TEST_CASE("H16: a file that replaced one which the engine reads is noticed") {
    const TemporaryFolder folder;
    Settings settings;
    settings.store = (folder / "store").string();
    settings.exchange = "http://127.0.0.1:1/fhir";
    settings.authority = (folder / "authority.pem").string();
    std::filesystem::create_directories(settings.store);
    std::ofstream(settings.authority) << "old";
    std::ofstream(folder / "new.pem") << "new";
    if (careplug::jail::Landlock().version() < 1) {
        WARN("This computer's kernel restricts no reading");
        return;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const careplug::package::Descriptor jail(
            ::open(CAREPLUG_BUILD_DIR "/bin/careplug-jail", O_PATH | O_CLOEXEC));
        const Confinement confinement(settings, jail);
        const bool quiet = confinement.shut_out().empty();
        ::kill(::getpid(), SIGSTOP);
        ::_exit(quiet && confinement.shut_out() == settings.authority ? worked : failed);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
    REQUIRE(WIFSTOPPED(status));
    std::filesystem::rename(folder / "new.pem", settings.authority);
    ::kill(child, SIGCONT);
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == worked));
}
