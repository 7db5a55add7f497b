// What the engine itself may no longer do, tried in a process that is confined as the engine is.
#include "system/confinement.h"

#include <arpa/inet.h>
#include <careplug/jail/landlock.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
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
        const Descriptor jail(::open(CAREPLUG_BUILD_DIR "/bin/careplug-jail", O_PATH | O_CLOEXEC));
        if (confined) confine_engine(settings, jail);
        try {
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
    const careplug::jail::Landlock kernel(careplug::jail::Landlock::Scope::changes);
    const TemporaryFolder folder;
    const Listener exchange;
    const Listener other;
    Settings settings;
    settings.store = (folder / "store").string();
    settings.exchange = "http://127.0.0.1:" + std::to_string(exchange.port) + "/fhir";
    std::filesystem::create_directories(settings.store);
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
        {"read the certificates", [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }, true, 0},
        {"start a jail",
         [] {
             const auto plugin = start_plugin(good_file("gp"), jail_options());
             return !ask(*plugin->open(good_session()), "actions", false).empty();
         },
         true, 0},
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
