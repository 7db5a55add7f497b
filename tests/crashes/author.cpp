#include "crashes/author.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <new>
#include <sstream>
#include <stdexcept>

#include "crashes/author_work.h"

namespace careplug::test {
namespace {

Line parse(const std::string& text) {
    std::istringstream in(text);
    Line line;
    line.text = text;
    in >> line.what;
    if (line.what == "begin" || line.what == "end")
        in >> line.kind >> line.at >> line.status >> line.question >> line.number;
    if (line.what == "engine") in >> line.number;
    if (line.what == "holds")
        for (long& number : line.holds) in >> number;
    return line;
}

}  // namespace

std::int64_t monotonic_nanoseconds() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Author::Author(Exchange& exchange, const std::filesystem::path& folder, const SignedIn& who,
               const careplug_patient_key& patient, unsigned seed, long next) {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int ends[2];
    if (memory == MAP_FAILED || ::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    shared_ = new (memory) Shared;
    process_ = ::fork();
    if (process_ == 0) {
        ::close(ends[0]);
        try {
            Work(exchange, folder, who, patient, seed, next, ends[1]).run(shared_->asked, shared_->go);
        } catch (const std::exception& problem) {
            ::dprintf(ends[1], "trouble %s\n", problem.what());
        }
        ::_exit(1);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
}

Author::~Author() {
    kill();
    ::close(pipe_);
    ::munmap(shared_, sizeof(Shared));
}

void Author::kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::optional<Line> Author::next_line(int milliseconds) {
    const std::int64_t until = monotonic_nanoseconds() + std::int64_t{milliseconds} * 1000000;
    for (;;) {
        if (const auto end = pending_.find('\n'); end != std::string::npos) {
            const Line line = parse(pending_.substr(0, end));
            pending_.erase(0, end + 1);
            return line;
        }
        const std::int64_t left = (until - monotonic_nanoseconds()) / 1000000;
        pollfd watched{pipe_, POLLIN, 0};
        if (::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) <= 0) return std::nullopt;
        char buffer[4096];
        const auto count = ::read(pipe_, buffer, sizeof buffer);
        if (count <= 0) return std::nullopt;
        pending_.append(buffer, static_cast<std::size_t>(count));
    }
}

}  // namespace careplug::test
