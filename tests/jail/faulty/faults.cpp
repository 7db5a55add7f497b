#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace careplug::faulty {
namespace {

// The test writes behind the first word.
volatile char careplug_fault_order[160] = "CAREPLUG-FAULT-ORDER:";

std::string_view text() {
    static const std::array<char, sizeof careplug_fault_order> copy = [] {
        std::array<char, sizeof careplug_fault_order> bytes{};
        for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = careplug_fault_order[at];
        return bytes;
    }();
    const std::string_view whole(copy.data(), ::strnlen(copy.data(), copy.size()));
    return whole.substr(whole.find(':') + 1);
}

std::string_view word(std::string_view& rest) {
    const std::size_t end = rest.find(' ');
    const std::string_view first = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return first;
}

// Without sleeping, which the jail does not allow either.
void spin(long milliseconds) {
    timespec start{};
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &start);
    do ::clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < milliseconds);
}

[[noreturn]] void hang() {
    volatile int turns = 0;
    for (;;) turns = turns + 1;
}

void take_all_memory() {
    std::vector<std::vector<char>> held;
    for (;;) held.emplace_back(std::size_t{16} << 20, 'x');
}

void* nothing(void*) {
    return nullptr;
}

bool opened(const char* path, int flags) {
    return ::open(path, flags, 0600) >= 0;
}

// Whether the system let it.
bool escaped(std::string_view attempt) {
    if (attempt == "open-file") return opened("/etc/passwd", O_RDONLY) || opened("/proc/self/maps", O_RDONLY);
    if (attempt == "create-file") return opened("/tmp/careplug-escaped", O_WRONLY | O_CREAT);
    if (attempt == "leak-descriptors") return ::dup(0) >= 0 || ::fcntl(1, F_DUPFD, 0) >= 0;
    if (attempt == "write-own-file") {
        for (int descriptor = 3; descriptor < 16; ++descriptor)
            if (descriptor != 3 && ::write(descriptor, "x", 1) == 1) return true;
        return opened("/proc/self/fd/4", O_RDWR) || opened("/proc/self/exe", O_WRONLY);
    }
    if (attempt == "new-code")
        return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0) != MAP_FAILED;
    if (attempt == "raise-limits") {
        const rlimit more{4096, 4096};
        return ::setrlimit(RLIMIT_NOFILE, &more) == 0;
    }
    if (attempt == "environment") return ::getenv("PATH") != nullptr || ::getenv("LANG") != nullptr;
    if (attempt == "socket") return ::socket(AF_INET, SOCK_STREAM, 0) >= 0;
    if (attempt == "fork") {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(0);
        return child > 0;
    }
    if (attempt == "thread") {
        pthread_t thread{};
        return ::pthread_create(&thread, nullptr, &nothing, nullptr) == 0;
    }
    if (attempt == "exec") {
        char name[] = "/bin/true";
        char* const arguments[] = {name, nullptr};
        return ::execve(name, arguments, nullptr) == 0;
    }
    if (attempt == "kill-engine") return ::kill(::getppid(), 0) == 0 || ::kill(-1, 0) == 0;
    if (attempt == "trace-engine") return ::ptrace(PTRACE_ATTACH, ::getppid(), 0, 0) == 0;
    if (attempt == "lift-filter")
        return ::prctl(PR_SET_DUMPABLE, 1) == 0 || ::prctl(PR_SET_PDEATHSIG, 0) == 0;
    if (attempt == "new-namespace") return ::syscall(SYS_unshare, 0x10000000) == 0;
    throw std::logic_error("no such attempt");
}

}  // namespace

const Order& order() {
    static const Order one = [] {
        std::string_view rest = text();
        Order read;
        read.function = word(rest);
        read.fault = word(rest);
        read.word = rest;
        return read;
    }();
    return one;
}

bool due(std::string_view function, std::string_view document) {
    return order().function == function && document.find(order().word) != std::string_view::npos;
}

Aftermath commit() {
    const std::string_view fault = order().fault;
    if (fault == "crash") {
        volatile int* const nowhere = nullptr;
        *nowhere = 1;
    } else if (fault == "abort") {
        ::abort();
    } else if (fault == "exit") {
        ::exit(0);
    } else if (fault == "throw") {
        throw std::runtime_error("a plugin must not throw");
    } else if (fault == "hang") {
        hang();
    } else if (fault == "memory") {
        take_all_memory();
    } else if (fault == "slow") {
        spin(60);
    } else if (fault == "huge") {
        return Aftermath::huge_answer;
    } else if (fault == "garbage") {
        return Aftermath::garbage;
    } else if (fault == "other") {
        return Aftermath::other_answer;
    } else if (escaped(fault)) {
        return Aftermath::escaped;
    }
    return Aftermath::good_answer;
}

}  // namespace careplug::faulty
