// Times a piece of work many times and keeps the distribution, so that each figure stands beside a floor
// or a peer measured in the same run.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace careplug::bench {

struct Distribution {
    double minimum = 0, median = 0, p99 = 0;  // microseconds for one piece of work
    std::size_t runs = 0;
};

// Runs `work` `runs` times, each timed alone; `batch` pieces of work are done in each run.
Distribution measure(std::size_t runs, std::size_t batch, const std::function<void()>& work);
Distribution distribution(std::vector<double> microseconds);

struct Figure {
    std::string name;
    Distribution measured;
    std::optional<std::string> floor_name;
    Distribution floor;
    std::string aim;  // in words; empty where there is none
};

class Report {
public:
    void add(Figure figure);
    std::string table() const;
    std::string json() const;

private:
    std::vector<Figure> figures_;
};

}  // namespace careplug::bench
