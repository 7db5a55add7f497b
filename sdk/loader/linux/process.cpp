#include <careplug/controls/controls.h>
#include <careplug/wire/spawn_plan.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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
    wire::SpawnPlan plan(POSIX_SPAWN_SETSID);
    // Control first: the host may have closed 0, 1 or 2, and then control may be one of them.
    plan.give(control.descriptor(), wire::control_descriptor);
    plan.give_nothing(0, O_RDONLY);
    plan.give_nothing(1, O_WRONLY);
    plan.give_nothing(2, O_WRONLY);
    if (!by_name) plan.give(programs.engine(), program_descriptor);
    plan.close_from(by_name ? program_descriptor : program_descriptor + 1);
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
