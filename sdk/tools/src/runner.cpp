#include "runner.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "child.h"

namespace careplug::tools {

namespace {

using nlohmann::json;

Result judged(const Ended& ended, std::chrono::milliseconds limit) {
    Result result;
    if (!ended.started) {
        result.sentence =
            "The checker could not start a process for this test. Free memory and processes, and try again.";
        return result;
    }
    result.outcome = Outcome::failed;
    const json report = json::parse(ended.report, nullptr, false);
    const bool told = report.is_object() && report.contains("outcome");
    if (ended.timed_out) {
        result.sentence = "The test did not end within " + std::to_string(limit.count() / 1000) +
                          " seconds and was killed: a call of the plugin does not return.";
    } else if (ended.signal != 0) {
        const char* const name = strsignal(ended.signal);
        result.sentence = "The plugin ended its process with signal " + std::to_string(ended.signal) + " (" +
                          (name != nullptr ? name : "unknown") + ").";
    } else if (!told || ended.exit_code != 0) {
        result.sentence =
            "The plugin ended its process with exit status " + std::to_string(ended.exit_code) + ".";
    } else {
        result.outcome = static_cast<Outcome>(report.value("outcome", static_cast<int>(Outcome::not_run)));
        result.sentence = report.value("sentence", "");
    }
    return result;
}

std::vector<std::string> command(const Run& run, const Requirement& requirement) {
    return {run.trial.program.string(), "run-one-requirement",       std::string(requirement.id),
            run.trial.plugin.string(),  run.trial.datasets.string(), std::to_string(run.trial.seed)};
}

Result run_requirement(const Run& run, const Requirement& requirement) {
    Result result;
    const auto begun = std::chrono::steady_clock::now();
    const auto opted_out = run.opted_out.find(std::string(requirement.id));
    if (opted_out != run.opted_out.end()) {
        result.outcome = Outcome::opted_out;
        result.sentence = opted_out->second;
    } else {
        Start start;
        start.arguments = command(run, requirement);
        start.limit = run.limit;
        start.show_output = run.show_output;
        result = judged(run_process(start), run.limit);
    }
    result.requirement = &requirement;
    result.seed = run.trial.seed;
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return result;
}

}  // namespace

std::vector<Result> run_all(const Run& run, std::span<const Requirement* const> wanted) {
    std::vector<Result> results(wanted.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i; (i = next++) < wanted.size();) results[i] = run_requirement(run, *wanted[i]);
    };
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < (run.at_once != 0 ? run.at_once : processors); ++i) workers.emplace_back(work);
    workers.clear();
    return results;
}

namespace {

void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__)
    const rlimit memory = {2UL << 30, 2UL << 30};
    setrlimit(RLIMIT_AS, &memory);
#endif
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

}  // namespace

int run_one(const std::string& id, const Trial& trial, int result_descriptor) {
    limit_memory();
    Outcome outcome = Outcome::passed;
    std::string sentence;
    try {
        const Requirement* const requirement = find_requirement(id);
        if (requirement == nullptr) throw NotRun("There is no requirement " + id + ".");
        requirement->test(trial);
    } catch (const Failed& failed) {
        outcome = Outcome::failed;
        sentence = failed.what();
    } catch (const NotApplicable& reason) {
        outcome = Outcome::not_applicable;
        sentence = reason.what();
    } catch (const std::exception& error) {
        outcome = Outcome::not_run;
        sentence = error.what();
    }
    const std::string report = json{{"outcome", static_cast<int>(outcome)}, {"sentence", sentence}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    for (std::size_t written = 0; written < report.size();) {
        const ssize_t count = write(result_descriptor, report.data() + written, report.size() - written);
        if (count <= 0) return 2;
        written += static_cast<std::size_t>(count);
    }
    // Without the plugin's and the library's ends: they belong to the tests that look at them.
    _exit(0);
}

}  // namespace careplug::tools
