#include <careplug/controls/controls.h>
#include <careplug/wire/spawn_plan.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "platform.h"

namespace careplug::loader {
namespace {

// The file that is mapped where this function lies. The name the dynamic linker keeps may be relative to a
// working folder that the host has left since.
std::string own_file_from_maps(std::uintptr_t address) {
    const int maps = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return {};
    std::string text;
    std::array<char, 4096> chunk;
    for (ssize_t got = 0; (got = ::read(maps, chunk.data(), chunk.size())) > 0;)
        text.append(chunk.data(), static_cast<std::size_t>(got));
    ::close(maps);
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = text.find('\n', start);
        if (end == std::string::npos) end = text.size();
        const std::string line = text.substr(start, end - start);
        start = end + 1;
        char* dash = nullptr;
        const std::uintptr_t low = ::strtoull(line.c_str(), &dash, 16);
        const std::uintptr_t high = *dash == '-' ? ::strtoull(dash + 1, nullptr, 16) : 0;
        const std::size_t path = line.find('/');
        if (address >= low && address < high && path != std::string::npos) return line.substr(path);
    }
    return {};
}

std::string own_file() {
    Dl_info info{};
    const auto* here = reinterpret_cast<const void*>(&own_file);
    if (::dladdr(here, &info) != 0 && info.dli_fname && info.dli_fname[0] == '/') return info.dli_fname;
    return own_file_from_maps(reinterpret_cast<std::uintptr_t>(here));
}

// A killed process that the kernel holds longer than this is not waited for.
constexpr std::int64_t after_kill_milliseconds = 500;

void sleep_milliseconds(long milliseconds) {
    const timespec pause{milliseconds / 1000, (milliseconds % 1000) * 1000000};
    ::nanosleep(&pause, nullptr);
}

}  // namespace

std::string_view why_no_engine() {
    return {};
}

SocketPair socket_pair() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return {};
    return {wire::Stream(ends[0]), wire::Stream(ends[1])};
}

std::string engine_path() {
    const std::string file = own_file();
    if (file.empty()) return {};
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(file.c_str(), nullptr), ::free);
    if (!real) return {};
    std::string path(real.get());
    path.resize(path.rfind('/') + 1);
    return path + "careplug-engine";
}

std::string EngineProcess::start(const std::string& path, const wire::Stream& control) {
    bury();
    wire::SpawnPlan plan(POSIX_SPAWN_SETSID);
    // Control first: the host may have closed 0, 1 or 2, and then control may be one of them.
    plan.give(control.descriptor(), wire::control_descriptor);
    plan.give_nothing(0, O_RDONLY);
    plan.give_nothing(1, O_WRONLY);
    plan.give_nothing(2, O_WRONLY);
    plan.close_from(wire::control_descriptor + 1);
    std::string name = path;
    std::string language = "LANG=C.UTF-8";
    char* const arguments[] = {name.data(), nullptr};
    // Beyond the language nothing of the host's; in a build for tests, which control they switched off.
    char* const environment[] = {language.data(), careplug::control::environment(), nullptr};
    pid_t child = -1;
    const int error =
        ::posix_spawn(&child, path.c_str(), &plan.actions, &plan.attributes, arguments, environment);
    if (error != 0) return "cannot start " + path + ": " + ::strerrordesc_np(error);
    children_.push_back({child, static_cast<int>(::syscall(SYS_pidfd_open, child, 0))});
    return {};
}

void EngineProcess::bury() {
    std::erase_if(children_, [](const Child& child) {
        const pid_t ended = ::waitpid(child.process, nullptr, WNOHANG);
        // Failure means that the host reaps every child itself; then the number is no longer ours.
        if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
        if (child.descriptor >= 0) ::close(child.descriptor);
        return true;
    });
}

void EngineProcess::kill(const Child& child) {
    if (child.descriptor >= 0)
        ::syscall(SYS_pidfd_send_signal, child.descriptor, SIGKILL, nullptr, 0);
    else
        ::kill(child.process, SIGKILL);
}

void EngineProcess::kill() {
    bury();
    for (const Child& child : children_) kill(child);
}

void EngineProcess::kill_last() {
    const int last = children_.empty() ? -1 : children_.back().process;
    bury();
    if (!children_.empty() && children_.back().process == last) kill(children_.back());
}

void EngineProcess::kill_former() {
    const int last = children_.empty() ? -1 : children_.back().process;
    bury();
    for (const Child& child : children_)
        if (child.process != last) kill(child);
}

void EngineProcess::end(std::int64_t grace_milliseconds) {
    const std::int64_t deadline = wire::boot_milliseconds() + grace_milliseconds;
    for (bury(); !children_.empty(); bury()) {
        const std::int64_t now = wire::boot_milliseconds();
        if (now >= deadline) kill();
        if (now >= deadline + after_kill_milliseconds) break;
        sleep_milliseconds(2);
    }
    for (const Child& child : children_)
        if (child.descriptor >= 0) ::close(child.descriptor);
    children_.clear();
}

}  // namespace careplug::loader
