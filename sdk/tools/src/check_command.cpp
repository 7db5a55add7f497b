#include <sys/random.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "answer_book.h"
#include "arguments.h"
#include "child.h"
#include "commands.h"
#include "report.h"
#include "runner.h"
#include "text.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

fs::path this_program() {
    std::error_code wrong;
    const fs::path program = fs::read_symlink("/proc/self/exe", wrong);
    if (wrong) throw UsageError("/proc is not mounted, so the checker cannot start itself for each test.");
    return program;
}

std::uint64_t random_seed() {
    std::uint32_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed) return 1;
    return seed;
}

const Requirement* named(const std::string& id) {
    const Requirement* const requirement = find_requirement(id);
    if (requirement == nullptr)
        throw UsageError("There is no requirement " + id + ": careplug requirements lists them.");
    return requirement;
}

// Lines of an id and a reason; # begins a comment.
std::map<std::string, std::string> read_opt_out(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw UsageError("The opt-out file " + file + " cannot be read.");
    std::map<std::string, std::string> reasons;
    for (std::string line; std::getline(in, line);) {
        if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
        std::istringstream words(line);
        std::string id, reason;
        words >> id >> std::ws;
        std::getline(words, reason);
        named(id);
        if (reason.empty())
            throw UsageError("The opt-out of " + id +
                             " gives no reason: write it behind the id, on the same line.");
        reasons[id] = reason;
    }
    return reasons;
}

std::vector<const Requirement*> chosen(const Arguments& arguments, int strictness) {
    std::vector<const Requirement*> wanted;
    if (const auto only = arguments.value("--only")) {
        std::istringstream ids(*only);
        for (std::string id; std::getline(ids, id, ',');) wanted.push_back(named(id));
    } else {
        for (const Requirement& requirement : requirements())
            if (strictness > 0 || requirement.level == Level::mandatory) wanted.push_back(&requirement);
    }
    if (wanted.empty()) throw UsageError("No requirement was chosen, so nothing would be checked.");
    return wanted;
}

void take_reproduction(const std::string& text, Run& run, std::vector<const Requirement*>& wanted) {
    const auto colon = text.find(':');
    const auto seed = colon == std::string::npos ? std::nullopt : whole_number(text.substr(colon + 1));
    if (!seed) throw UsageError("--reproduce needs ID:SEED as a report gives it, for example P-201:17.");
    wanted = {named(text.substr(0, colon))};
    run.trial.seed = *seed;
    run.show_output = true;
}

void write_file(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw UsageError("The report " + file + " cannot be written.");
}

}  // namespace

int check_command(const std::vector<std::string>& words) {
    const Arguments arguments(words,
                              {"--junit", "--strictness", "--seed", "--reproduce", "--opt-out", "--datasets",
                               "--only", "--time-limit", "--jobs"},
                              {"--json"});
    if (arguments.rest().size() != 1) throw UsageError("Name one plugin: careplug check PLUGIN.");
    Run run;
    run.trial.program = this_program();
    run.trial.plugin = fs::absolute(arguments.rest().front());
    if (!fs::is_regular_file(run.trial.plugin))
        throw UsageError("There is no file " + run.trial.plugin.string() + ".");
    run.trial.datasets = fs::absolute(
        arguments.value("--datasets")
            .value_or((run.trial.program.parent_path().parent_path() / "share" / "datasets").string()));
    run.trial.seed = arguments.number("--seed", UINT64_MAX).value_or(random_seed());
    run.limit = std::chrono::seconds(arguments.number("--time-limit", 3600).value_or(30));
    run.at_once = static_cast<unsigned>(arguments.number("--jobs", 256).value_or(0));
    if (const auto file = arguments.value("--opt-out")) run.opted_out = read_opt_out(*file);

    Report report;
    report.plugin = arguments.rest().front();
    report.strictness = static_cast<int>(arguments.number("--strictness", 2).value_or(1));
    auto wanted = chosen(arguments, report.strictness);
    if (const auto text = arguments.value("--reproduce")) take_reproduction(*text, run, wanted);
    report.results = run_all(run, wanted);

    if (const auto file = arguments.value("--junit")) write_file(*file, as_junit(report));
    std::cout << (arguments.has("--json") ? as_json(report) : as_text(report)) << std::flush;
    if (!std::cout) throw UsageError("The report could not be written to standard output.");
    return static_cast<int>(report.verdict());
}

int run_one_command(const std::vector<std::string>& words) {
    const auto seed = words.size() == 4 ? whole_number(words[3]) : std::nullopt;
    if (!seed) throw UsageError("This command is the checker's own.");
    return run_one(words[0], {words[1], words[2], this_program(), *seed}, report_descriptor);
}

int write_answers_command(const std::vector<std::string>& words) {
    if (words.size() != 2) throw UsageError("This command is the checker's own.");
    return write_book({words[0], words[1], this_program(), 1}, report_descriptor);
}

}  // namespace careplug::tools
