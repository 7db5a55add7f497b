#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace careplug::test {

namespace {

using Clock = std::chrono::steady_clock;

int result_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "careplug-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
    path_ = std::filesystem::canonical(pattern);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::string pattern = (std::filesystem::temp_directory_path() / "careplug-stderr-XXXXXX").string();
    const int errors = ::mkstemp(pattern.data());
    error_file_ = pattern;
    int ends[2];
    if (errors < 0 || ::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe could be made");
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(errors, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    ::close(errors);
    output_ = ends[0];
    if (pid_ < 0) throw std::runtime_error("no process could be started");
}

Process::~Process() {
    if (!result_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
    std::error_code ignored;
    std::filesystem::remove(error_file_, ignored);
}

std::optional<std::string> Process::read_line(int seconds) {
    const auto deadline = Clock::now() + std::chrono::seconds(seconds);
    for (;;) {
        if (const auto end = pending_.find('\n'); end != std::string::npos) {
            std::string line = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            return line;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd watched{output_, POLLIN, 0};
        if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) return std::nullopt;
        char buffer[4096];
        const auto count = ::read(output_, buffer, sizeof buffer);
        if (count <= 0) return std::nullopt;
        pending_.append(buffer, static_cast<std::size_t>(count));
    }
}

std::string Process::standard_error() const {
    std::ifstream file(error_file_);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void Process::signal(int number) const {
    if (!result_) ::kill(pid_, number);
}

int Process::wait(int seconds) {
    const auto deadline = Clock::now() + std::chrono::seconds(seconds);
    while (running()) {
        if (Clock::now() > deadline) ::kill(pid_, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return *result_;
}

bool Process::running() {
    if (result_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    result_ = result_of(status);
    return false;
}

}  // namespace careplug::test
