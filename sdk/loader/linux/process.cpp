#include <careplug/controls/controls.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <utility>

#include "platform.h"

namespace careplug::loader {
namespace {

struct SpawnPlan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    SpawnPlan() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
};

// Where a program lies that is started by its descriptor; it closes it itself.
constexpr int program_descriptor = wire::control_descriptor + 1;

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

// By its name where that is this file, otherwise by the descriptor.
std::string EngineProcess::start(const Programs& programs, const wire::Stream& control) {
    bury();
    const bool by_name = programs.still_there();
    const std::string path =
        by_name ? programs.engine_path() : "/proc/self/fd/" + std::to_string(program_descriptor);
    SpawnPlan plan;
    // Control first: the host may have closed 0, 1 or 2, and then control may be one of them.
    ::posix_spawn_file_actions_adddup2(&plan.actions, control.descriptor(), wire::control_descriptor);
    ::posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&plan.actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&plan.actions, 2, "/dev/null", O_WRONLY, 0);
    if (!by_name) ::posix_spawn_file_actions_adddup2(&plan.actions, programs.engine(), program_descriptor);
    ::posix_spawn_file_actions_addclosefrom_np(&plan.actions,
                                               by_name ? program_descriptor : program_descriptor + 1);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&plan.attributes, &none);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
    ::posix_spawnattr_setflags(&plan.attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    std::string name = programs.engine_path();
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
