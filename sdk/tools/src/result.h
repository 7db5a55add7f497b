// How the test of one requirement ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "requirement.h"

namespace careplug::tools {

enum class Outcome { passed, failed, not_applicable, opted_out, not_run };

struct Result {
    const Rule* requirement = nullptr;
    Outcome outcome = Outcome::not_run;
    std::string sentence;    // why, unless it passed
    std::uint64_t seed = 0;  // of a plugin's test
    std::string scenario;    // of a host: the one that decided
    double seconds = 0;
};

std::string words(Outcome outcome);

enum class Verdict {
    conforms = 0,    // every requirement that decides passed or does not apply
    breaks = 1,      // at least one failed
    not_judged = 2,  // at least one could not be run
    opted_out = 3,   // what ran passed, but a requirement that decides was left out
};

struct Report {
    enum class Of { plugin, host };
    Of of = Of::plugin;
    std::string name;  // the plugin's file, or the host's command
    int strictness = 1;
    std::vector<Result> results;

    // Below strictness 2 recommended requirements are reported and decide nothing.
    bool decides(const Result& result) const;
    std::size_t count(Outcome outcome) const;
    Verdict verdict() const;
};

}  // namespace careplug::tools
