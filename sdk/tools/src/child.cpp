#include "child.h"

#include <careplug/package/descriptor.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

namespace careplug::tools {

namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
    list.push_back(nullptr);
    return list;
}

class FileActions {
public:
    FileActions() { posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

pid_t spawn(const Start& start, int report) {
    FileActions actions;
    posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
    if (!start.show_output) {
        posix_spawn_file_actions_addopen(actions.get(), 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(actions.get(), 2, "/dev/null", O_WRONLY, 0);
    }
    posix_spawn_file_actions_adddup2(actions.get(), report, report_descriptor);
    if (!start.folder.empty()) posix_spawn_file_actions_addchdir_np(actions.get(), start.folder.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const auto arguments = pointers(start.arguments);
    const auto environment = pointers(start.environment);
    pid_t process = -1;
    const int failed = posix_spawnp(&process, arguments[0], actions.get(), &attributes, arguments.data(),
                                    start.environment.empty() ? environ : environment.data());
    posix_spawnattr_destroy(&attributes);
    return failed == 0 ? process : -1;
}

// How long a process stood ready and got no processor: what other programs do is no fault of its own.
std::chrono::nanoseconds starved(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
    std::uint64_t ran = 0, waited = 0;
    file >> ran >> waited;
    return std::chrono::nanoseconds(file ? waited : 0);
}

void read_into(std::string& report, int descriptor) {
    std::array<char, 8192> part;
    for (ssize_t count; (count = read(descriptor, part.data(), part.size())) > 0;)
        report.append(part.data(), static_cast<std::size_t>(count));
}

}  // namespace

Ended run_process(const Start& start) {
    Ended ended;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return ended;
    const package::Descriptor reading(ends[0]);
    package::Descriptor writing(ends[1]);
    const pid_t process = spawn(start, writing.number());
    writing = {};
    if (process < 0) return ended;
    ended.started = true;
    const package::Descriptor watched(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));

    const auto begun = Clock::now();
    const auto left_of = [&](std::chrono::nanoseconds allowance) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(begun + start.limit + allowance -
                                                                     Clock::now())
            .count();
    };
    std::chrono::nanoseconds allowance{0};
    bool report_open = true;
    for (bool running = true; running;) {
        auto left = left_of(allowance);
        if (left <= 0) {
            allowance = std::min<std::chrono::nanoseconds>(starved(process), 9 * start.limit);
            left = left_of(allowance);
        }
        if (left <= 0) {
            ended.timed_out = true;
            break;
        }
        // A closed report says nothing more, and would not let us sleep.
        std::array<pollfd, 2> waits = {
            {{watched.number(), POLLIN, 0}, {report_open ? reading.number() : -1, POLLIN, 0}}};
        if (poll(waits.data(), waits.size(), static_cast<int>(left)) < 0 && errno != EINTR) break;
        if ((waits[1].revents & POLLIN) != 0)
            read_into(ended.report, reading.number());
        else if ((waits[1].revents & POLLHUP) != 0)
            report_open = false;
        running = (waits[0].revents & POLLIN) == 0;
    }
    kill(-process, SIGKILL);
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    read_into(ended.report, reading.number());
    if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    return ended;
}

}  // namespace careplug::tools
