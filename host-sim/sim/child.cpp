#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace careplug::sim {
namespace {

constexpr int ready_seconds = 30;
constexpr int stop_seconds = 8;

// Only functions that are safe after fork: nothing here allocates.
[[noreturn]] void become(const char* program, char* const* arguments, int input, int output, int error) {
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(error, STDERR_FILENO);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // A group of its own: Ctrl-C reaches the launcher, which stops its children in order.
    ::setpgid(0, 0);
    ::execv(program, arguments);
    ::_exit(127);
}

std::string last_lines(const std::filesystem::path& log) {
    std::ifstream file(log);
    std::string line;
    std::string last;
    while (std::getline(file, line))
        if (!line.empty()) last = line;
    return last;
}

}  // namespace

Child::Child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
             const std::filesystem::path& log) {
    int input[2] = {-1, -1};
    int output[2] = {-1, -1};
    const int error = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (error < 0 || ::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0)
        throw std::runtime_error("cannot write " + log.string() + ", or too many files are open");
    std::vector<char*> values = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) values.push_back(const_cast<char*>(argument.c_str()));
    values.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) become(program.c_str(), values.data(), input[0], output[1], error);
    ::close(input[0]);
    ::close(output[1]);
    ::close(error);
    lifeline_ = input[1];
    output_ = output[0];
    if (pid_ < 0) throw std::runtime_error("this computer cannot start another program");
    try {
        read_first_line(program, log);
    } catch (...) {
        stop();
        throw;
    }
}

void Child::read_first_line(const std::filesystem::path& program, const std::filesystem::path& log) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(ready_seconds);
    char byte = 0;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{output_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0)
            throw std::runtime_error(program.filename().string() + " was not ready within " +
                                     std::to_string(ready_seconds) + " seconds; see " + log.string());
        if (::read(output_, &byte, 1) <= 0) {
            const std::string said = last_lines(log);
            throw std::runtime_error(said.empty() ? program.string() + " did not start; see " + log.string()
                                                  : said);
        }
        if (byte == '\n') return;
        first_line_ += byte;
    }
}

bool Child::running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
}

void Child::stop() {
    if (lifeline_ >= 0) ::close(lifeline_);
    lifeline_ = -1;
    if (running()) {
        ::kill(pid_, SIGTERM);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(stop_seconds);
        while (running() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (running()) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }
    if (output_ >= 0) ::close(output_);
    output_ = -1;
}

Child::~Child() {
    stop();
}

}  // namespace careplug::sim
