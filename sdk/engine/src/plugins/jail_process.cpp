#include "plugins/jail_process.h"

#include <careplug/controls/controls.h>
#include <careplug/wire/policy.h>
#include <careplug/wire/spawn_plan.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "system/times.h"

namespace careplug::engine {
namespace {

// Above every number that the jail is started with, so that no copy is made over another.
constexpr int out_of_the_way = wire::jail_program_descriptor + 1;

int spawn(pid_t& child, std::string name, int socket, int plugin, int program) {
    wire::SpawnPlan plan;
    plan.give_nothing(0, O_RDONLY);
    plan.give_nothing(1, O_WRONLY);
    plan.give_nothing(2, O_WRONLY);
    plan.give(socket, wire::jail_socket_descriptor);
    plan.give(plugin, wire::jail_plugin_descriptor);
    plan.give(program, wire::jail_program_descriptor);
    plan.close_from(wire::jail_program_descriptor + 1);
    std::string title = "careplug-jail";
    char* const arguments[] = {title.data(), name.data(), nullptr};
    char* const environment[] = {control::environment(), nullptr};
    const std::string path = "/proc/self/fd/" + std::to_string(wire::jail_program_descriptor);
    return ::posix_spawn(&child, path.c_str(), &plan.actions, &plan.attributes, arguments, environment);
}

std::string how_it_ended(int status) {
    if (WIFEXITED(status)) return "ended by itself (code " + std::to_string(WEXITSTATUS(status)) + ")";
    switch (WTERMSIG(status)) {
        case SIGSYS:
            return "was stopped by the sandbox: it tried what no policy may do";
        case SIGABRT:
            return "aborted";
        case SIGKILL:
            return "was killed";
        default:
            break;
    }
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return std::string("crashed (") + (name ? name : "unknown signal") + ")";
}

}  // namespace

JailProcess::JailProcess(const PluginFile& plugin, const package::Descriptor& program) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw PluginFailure("The plugin " + plugin.name + " could not be started: too many files are open.");
    socket_ = wire::Stream(ends[0]);
    const package::Descriptor theirs(ends[1]);
    const package::Descriptor socket = theirs.duplicate(out_of_the_way);
    const package::Descriptor library = plugin.descriptor.duplicate(out_of_the_way);
    const package::Descriptor executable = program.duplicate(out_of_the_way);
    if (!executable)
        throw PluginFailure("careplug-jail is not installed beside careplug-engine: install Careplug again.");
    pid_t child = -1;
    const int error = spawn(child, plugin.name, socket.number(), library.number(), executable.number());
    if (error != 0)
        throw PluginFailure("The plugin " + plugin.name + " could not be started in a process of its own: " +
                            ::strerrordesc_np(error) + ".");
    process_ = child;
}

JailProcess::~JailProcess() {
    end(0);
}

std::uint64_t JailProcess::memory() const {
    std::ifstream file("/proc/" + std::to_string(process_) + "/statm");
    std::uint64_t whole = 0;
    std::uint64_t resident = 0;
    file >> whole >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool JailProcess::reap(int options) {
    if (status_) return true;
    int status = 0;
    pid_t ended = -1;
    do ended = ::waitpid(process_, &status, options);
    while (ended < 0 && errno == EINTR);
    if (ended == 0) return false;
    status_ = ended == process_ ? status : 0;
    return true;
}

bool JailProcess::running() {
    return !reap(WNOHANG);
}

std::string JailProcess::end(std::int64_t grace) {
    const std::int64_t deadline = boot_ms() + grace;
    while (running() && boot_ms() < deadline) ::usleep(500);
    if (running()) {
        ::kill(process_, SIGKILL);
        reap(0);
    }
    socket_.close();
    return how_it_ended(*status_);
}

}  // namespace careplug::engine
