#include "bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace careplug::bench {

namespace {

std::string line(const char* format, const std::string& name, const Distribution& d,
                 const std::string& rest) {
    char text[256];
    std::snprintf(text, sizeof text, format, name.c_str(), d.minimum, d.median, d.p99, rest.c_str());
    return text;
}

nlohmann::json as_json(const Distribution& d) {
    return {{"minimum_us", d.minimum}, {"median_us", d.median}, {"p99_us", d.p99}, {"runs", d.runs}};
}

}  // namespace

Distribution distribution(std::vector<double> times) {
    if (times.empty()) return {};
    std::sort(times.begin(), times.end());
    return {times.front(), times[times.size() / 2],
            times[std::min(times.size() - 1, times.size() * 99 / 100)], times.size()};
}

Distribution measure(std::size_t runs, std::size_t batch, const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> times;
    times.reserve(runs);
    for (std::size_t run = 0; run < runs; ++run) {
        const auto start = Clock::now();
        for (std::size_t piece = 0; piece < batch; ++piece) work();
        const std::chrono::duration<double, std::micro> took = Clock::now() - start;
        times.push_back(took.count() / static_cast<double>(batch));
    }
    return distribution(std::move(times));
}

void Report::add(Figure figure) {
    figures_.push_back(std::move(figure));
}

std::string Report::table() const {
    std::string text =
        "                                          minimum      median         p99  (microseconds)\n";
    for (const Figure& figure : figures_) {
        text += line("%-38s %11.2f %11.2f %11.2f  %s\n", figure.name, figure.measured,
                     figure.aim.empty() ? "" : "aim: " + figure.aim);
        if (!figure.floor_name) continue;
        char ratio[32];
        std::snprintf(ratio, sizeof ratio, "ratio %.2f",
                      figure.floor.median > 0 ? figure.measured.median / figure.floor.median : 0);
        text += line("  against %-28s %11.2f %11.2f %11.2f  %s\n", *figure.floor_name, figure.floor, ratio);
    }
    return text;
}

std::string Report::json() const {
    nlohmann::json all = nlohmann::json::array();
    for (const Figure& figure : figures_) {
        nlohmann::json entry = {
            {"name", figure.name}, {"measured", as_json(figure.measured)}, {"aim", figure.aim}};
        if (figure.floor_name) {
            entry["floor"] = as_json(figure.floor);
            entry["floor"]["name"] = *figure.floor_name;
            entry["ratio"] = figure.floor.median > 0 ? figure.measured.median / figure.floor.median : 0;
        }
        all.push_back(entry);
    }
    return all.dump(1);
}

}  // namespace careplug::bench
