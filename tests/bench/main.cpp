// careplug_bench [--json FILE]: every figure beside a floor or a peer of the same run.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "bench/figures.h"

int main(int count, char** arguments) {
    std::string json_file;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--json" && i + 1 < count) {
            json_file = arguments[++i];
        } else {
            std::fprintf(stderr, "usage: careplug_bench [--json FILE]\n");
            return 2;
        }
    }
    careplug::bench::Report report;
    for (const auto& [name, work] : careplug::bench::all_figures()) {
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
