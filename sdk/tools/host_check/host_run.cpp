#include "host_run.h"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "checking_engine.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

// Holds the loader, an engine that plays the scenario, settings, and the timeline; goes with all of it.
class PrivateFolder {
public:
    PrivateFolder() {
        std::string name = (fs::temp_directory_path() / "careplug-check-host-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("No folder can be made in " + fs::temp_directory_path().string() +
                                     ": free some room there.");
        path_ = name;
    }
    ~PrivateFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

void fill(const fs::path& folder, const HostRun& run, const Scenario& scenario) {
    fs::copy_file(run.loader, folder / "libcareplug.so");
    fs::create_symlink(run.program, folder / engine_file);
    std::ofstream(folder / scenario_file) << scenario.name;
    std::ofstream(folder / "settings.json")
        << nlohmann::json{{"exchange", "http://127.0.0.1:9/fhir"},
                          {"store", (folder / "store").string()},
                          {"key", (folder / "store.key").string()},
                          {"kinds", {{"gp", "gp"}, {"ooh", "ooh"}, {"ae", "ae"}}}};
}

void replace(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

std::vector<std::string> environment_in(const fs::path& folder, const Scenario& scenario) {
    const char* const folders = ::getenv("LD_LIBRARY_PATH");
    std::vector<std::string> ours = {
        "LD_LIBRARY_PATH=" + folder.string() + (folders != nullptr ? ":" + std::string(folders) : ""),
        "CAREPLUG_TRACE=" + (folder / timeline_file).string(),
        "CAREPLUG_LOADER=" + (folder / "libcareplug.so").string(),
        "CAREPLUG_SETTINGS=" + (folder / "settings.json").string(),
        "CAREPLUG_SCENARIO=" + std::string(scenario.name)};
    std::vector<std::string> all = ours;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string text = *variable;
        const std::string name = text.substr(0, text.find('=') + 1);
        if (std::none_of(ours.begin(), ours.end(), [&](const auto& each) { return each.starts_with(name); }))
            all.push_back(text);
    }
    return all;
}

Day run_day(const HostRun& run, const Scenario& scenario) {
    const PrivateFolder folder;
    fill(folder.path(), run, scenario);
    Start start;
    for (std::string word : run.command) {
        replace(word, "{loader}", (folder.path() / "libcareplug.so").string());
        replace(word, "{settings}", (folder.path() / "settings.json").string());
        start.arguments.push_back(std::move(word));
    }
    start.environment = environment_in(folder.path(), scenario);
    start.limit = run.limit;
    start.show_output = run.show_output;
    Day day;
    day.scenario = &scenario;
    day.ended = run_process(start);
    day.entries = read_timeline(folder.path() / timeline_file);
    if (!run.keep.empty() && fs::exists(folder.path() / timeline_file))
        fs::copy_file(folder.path() / timeline_file, run.keep / (std::string(scenario.name) + ".timeline"),
                      fs::copy_options::overwrite_existing);
    return day;
}

}  // namespace

std::vector<Day> run_days(const HostRun& run, std::span<const Scenario* const> wanted) {
    std::vector<Day> days(wanted.size());
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failed;
    const auto work = [&] {
        try {
            for (std::size_t i; (i = next++) < wanted.size();) days[i] = run_day(run, *wanted[i]);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failed = std::current_exception();
        }
    };
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < (run.at_once != 0 ? run.at_once : processors); ++i) workers.emplace_back(work);
    workers.clear();
    if (failed) std::rethrow_exception(failed);
    return days;
}

Result judge_days(const HostRequirement& requirement, std::span<const Day> days) {
    Result result;
    result.requirement = &requirement;
    result.outcome = Outcome::not_applicable;
    for (const Day& day : days) {
        try {
            if (!day.ended.started) throw NotRun("The host's command cannot be started.");
            if (day.entries.empty() && !day.crashed() && !day.ended.timed_out)
                throw NotRun(
                    "The host never called the loader that it was given: it has to load the "
                    "libcareplug.so of {loader}, or the first in LD_LIBRARY_PATH.");
            requirement.judge(day);
            result.outcome = Outcome::passed;
            result.scenario = day.scenario->name;
        } catch (const NotApplicable& reason) {
            // What fits best is said: that of the day which comes closest to it.
            if (result.outcome == Outcome::not_applicable) result.sentence = reason.what();
        } catch (const Failed& failed) {
            result.outcome = Outcome::failed;
            result.sentence = std::string(failed.what()) + " [" + std::string(day.scenario->name) + ": " +
                              std::string(day.scenario->story) + "]";
            result.scenario = day.scenario->name;
            return result;
        } catch (const std::exception& error) {
            result.outcome = Outcome::not_run;
            result.sentence = error.what();
            result.scenario = day.scenario->name;
            return result;
        }
    }
    if (result.outcome == Outcome::passed) result.sentence.clear();
    return result;
}

}  // namespace careplug::tools
