// Which write, sync or allocation of a program is to fail: in memory that the test and a program built for it
// (failing.cpp) share, through a file beside the program.
#pragma once

#include <atomic>
#include <filesystem>

namespace careplug::test {

enum class Failing : int { nothing, write, sync, allocation };

struct Orders {
    std::atomic<int> kind;    // Failing
    std::atomic<long> after;  // so many more go well, then one fails
    std::atomic<long> seen;   // of this kind, since it was ordered
    std::atomic<int> failed;  // how many failed
};

inline std::filesystem::path orders_of(const std::filesystem::path& program) {
    return program.string() + ".orders";
}

// The test's side.
class Failures {
public:
    // Before the program starts.
    explicit Failures(const std::filesystem::path& program);
    ~Failures();
    Failures(const Failures&) = delete;
    Failures& operator=(const Failures&) = delete;

    // The nth from now on, counted from 1.
    void order(Failing kind, long nth);
    // No more. Whether one failed.
    bool end();
    long seen() const { return orders_->seen; }

private:
    Orders* orders_;
};

}  // namespace careplug::test
