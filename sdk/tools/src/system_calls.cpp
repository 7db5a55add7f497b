#include "system_calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <map>
#include <vector>

#include "trial.h"

namespace careplug::tools {

namespace {

// Where the process in the filter says which call it made.
constexpr int told_descriptor = 200;

// A clock is read without the kernel where its library allows it, so reading one is judged elsewhere.
const std::vector<int> allowed = {SYS_exit_group, SYS_exit,         SYS_mmap,      SYS_munmap,
                                  SYS_mremap,     SYS_madvise,      SYS_brk,       SYS_mprotect,
                                  SYS_futex,      SYS_rt_sigreturn, SYS_getrandom, SYS_clock_gettime};

std::string name_of(int number) {
    static const std::map<int, std::string> names = {{SYS_openat, "openat (a file)"},
                                                     {SYS_socket, "socket (a connection)"},
                                                     {SYS_clone, "clone (a thread or process)"},
                                                     {SYS_clone3, "clone3 (a thread or process)"},
                                                     {SYS_write, "write (output)"},
                                                     {SYS_read, "read (a file)"},
                                                     {SYS_clock_gettime, "clock_gettime (the clock)"},
                                                     {SYS_getpid, "getpid"},
                                                     {SYS_gettid, "gettid"},
                                                     {SYS_clock_nanosleep, "clock_nanosleep (waiting)"},
                                                     {SYS_getcwd, "getcwd (the folder)"},
                                                     {SYS_newfstatat, "newfstatat (a file)"},
                                                     {SYS_rt_sigaction, "rt_sigaction (a signal's handler)"},
                                                     {SYS_kill, "kill"},
                                                     {SYS_tgkill, "tgkill (abort)"}};
    const auto found = names.find(number);
    return found != names.end() ? found->second : "system call " + std::to_string(number);
}

void tell(int, siginfo_t* info, void*) {
    const int number = info->si_syscall;
    const ssize_t written = write(told_descriptor, &number, sizeof number);
    _exit(written == sizeof number ? 1 : 2);
}

sock_filter statement(unsigned code, std::uint32_t value) {
    return {static_cast<std::uint16_t>(code), 0, 0, value};
}

sock_filter jump_if_equal(std::uint32_t value, std::uint8_t then, std::uint8_t otherwise) {
    return {BPF_JMP | BPF_JEQ | BPF_K, then, otherwise, value};
}

bool hold_to_memory_alone() {
    std::vector<sock_filter> program = {statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (const int number : allowed) {
        program.push_back(jump_if_equal(static_cast<std::uint32_t>(number), 0, 1));
        program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    // Writing is allowed on the descriptor where a forbidden call is told.
    program.push_back(jump_if_equal(SYS_write, 0, 3));
    program.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)));
    program.push_back(jump_if_equal(told_descriptor, 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
    const sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
    struct sigaction action = {};
    action.sa_sigaction = tell;
    action.sa_flags = SA_SIGINFO;
    return sigaction(SIGSYS, &action, nullptr) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

std::string forbidden_system_call(const std::function<void()>& call) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw NotRun("No pipe could be made.");
    const pid_t process = fork();
    if (process < 0) throw NotRun("A second process could not be started.");
    if (process == 0) {
        const bool ready = dup2(ends[1], told_descriptor) == told_descriptor && hold_to_memory_alone();
        if (!ready) _exit(3);
        // Whether its answers are right is for other requirements to judge.
        try {
            call();
        } catch (...) {
            _exit(0);
        }
        _exit(0);
    }
    close(ends[1]);
    int number = -1;
    const ssize_t told = read(ends[0], &number, sizeof number);
    close(ends[0]);
    int status = 0;
    waitpid(process, &status, 0);
    if (told == sizeof number) return name_of(number);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
        throw NotRun(
            "This kernel does not let a process give up system calls (seccomp), so this cannot be judged "
            "here.");
    expect(WIFEXITED(status) && WEXITSTATUS(status) == 0,
           "The plugin ended its process when it may ask the kernel for memory alone.");
    return "";
}

}  // namespace careplug::tools
