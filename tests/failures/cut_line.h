// A line to the exchange that is cut once, at the n-th request: before it, in its middle, after it, or in the
// middle of its answer.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>

namespace careplug::test {

enum class Cut { before, in_request, after, in_answer };
inline constexpr std::array cuts{Cut::before, Cut::in_request, Cut::after, Cut::in_answer};
std::string words(Cut cut);

class CutLine {
public:
    // `exchange` is the address of the real one.
    explicit CutLine(const std::string& exchange);
    ~CutLine();
    std::string url() const;

    // The nth from now on, counted from 1. The stream of changes does not count.
    void order(Cut cut, long nth);
    bool was_cut() const { return was_cut_; }

private:
    struct Server;
    friend struct Server;
    bool cuts_now(Cut& cut);

    std::atomic<long> left_ = 0;
    std::atomic<Cut> cut_ = Cut::before;
    std::atomic<bool> was_cut_ = false;
    std::unique_ptr<Server> server_;
};

}  // namespace careplug::test
