#include <sys/random.h>

#include "answer_book.h"
#include "check_options.h"
#include "child.h"
#include "commands.h"
#include "runner.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

std::uint64_t random_seed() {
    std::uint32_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed) return 1;
    return seed;
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
    run.opted_out = read_opt_out(arguments, [](const std::string& id) { named(id, &find_requirement); });

    Report report;
    report.name = arguments.rest().front();
    report.strictness = static_cast<int>(arguments.number("--strictness", 2).value_or(1));
    auto wanted = chosen(arguments, report.strictness, requirements(), &find_requirement);
    if (const auto text = arguments.value("--reproduce")) {
        const char* const example = "ID:SEED as a report gives it, for example P-201:17.";
        const auto again = reproduction(*text, example);
        const auto seed = whole_number(again.rest);
        if (!seed) throw UsageError(std::string("--reproduce needs ") + example);
        wanted = {named(again.id, &find_requirement)};
        run.trial.seed = *seed;
        run.show_output = true;
    }
    report.results = run_all(run, wanted);
    return finish(report, arguments);
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
