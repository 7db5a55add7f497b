// A clinician who types and publishes without end, in a process of its own that may be killed at any moment.
// What is begun and what was acknowledged goes to the test over a pipe, with its time on the monotonic clock.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "services/host.h"

namespace careplug::test {

// The questions that are typed into. Each answer is a number that is larger than every one before it.
inline constexpr std::array<const char*, 3> questions{"dx.understanding", "pref.matters", "pref.other"};
using Answers = std::array<long, questions.size()>;

struct Line {
    std::string what;  // "begin", "end", "engine", "holds", "trouble"
    std::string kind;  // of begin and end: "start", "open", "type", "submit", "share"
    std::int64_t at = 0;
    int status = 0;  // of end
    std::size_t question = 0;
    long number = 0;  // that was typed; of "engine" its process
    Answers holds{};  // what draft or plan says now, once nothing waits to be sent
    std::string text;
};

std::int64_t monotonic_nanoseconds();

class Author {
public:
    // Forks; the process goes on with this patient's plan as it finds it. `next` is the first number to type.
    Author(Exchange& exchange, const std::filesystem::path& folder, const SignedIn& who,
           const careplug_patient_key& patient, unsigned seed, long next);
    ~Author();
    Author(const Author&) = delete;
    Author& operator=(const Author&) = delete;

    pid_t pid() const { return process_; }
    void kill();
    // The next line, or nothing when the process ended or the time is over.
    std::optional<Line> next_line(int milliseconds);
    // To come to rest and say what it holds; then to go on.
    void ask_to_settle() { ++shared_->asked; }
    void go_on() { shared_->go = shared_->asked.load(); }

private:
    friend class Work;
    struct Shared {
        std::atomic<int> asked = 1;  // it comes to rest first
        std::atomic<int> go = 0;
    };
    Shared* shared_ = nullptr;
    pid_t process_ = -1;
    int pipe_ = -1;
    std::string pending_;
};

}  // namespace careplug::test
