// careplug_bench [--json FILE] [NAME...]: every figure, or those named, beside a floor or a peer of the same
// run.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include "bench/figures.h"

namespace {

bool is_figure(const std::string& name) {
    const auto figures = careplug::bench::all_figures();
    return std::any_of(figures.begin(), figures.end(), [&](const auto& each) { return name == each.first; });
}

}  // namespace

int main(int count, char** arguments) {
    std::string json_file;
    std::vector<std::string> wanted;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--json" && i + 1 < count) {
            json_file = arguments[++i];
        } else if (is_figure(argument)) {
            wanted.push_back(argument);
        } else {
            std::fprintf(stderr, "usage: careplug_bench [--json FILE] [NAME...]\nThe names are:\n");
            for (const auto& [name, work] : careplug::bench::all_figures())
                std::fprintf(stderr, "  \"%s\"\n", name);
            return 2;
        }
    }
    careplug::bench::Report report;
    for (const auto& [name, work] : careplug::bench::all_figures()) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        std::fprintf(stderr, "measuring %s\n", name);
        try {
            work(report);
        } catch (const std::exception& problem) {
            std::fprintf(stderr, "%s could not be measured: %s\n", name, problem.what());
            return 1;
        }
    }
    std::fputs(report.table().c_str(), stdout);
    if (!json_file.empty() && !(std::ofstream(json_file) << report.json() << '\n')) {
        std::fprintf(stderr, "%s cannot be written: name a file in a folder that you may write to\n",
                     json_file.c_str());
        return 1;
    }
    return 0;
}
