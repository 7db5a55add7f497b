#include <algorithm>
#include <iostream>

#include "check_options.h"
#include "commands.h"
#include "host_run.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        const bool plain = word.find_first_of(" \t\"'\\$;&|<>()*?") == std::string::npos && !word.empty();
        text += (text.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
    }
    return text;
}

void list() {
    for (const HostRequirement& requirement : host_requirements())
        std::cout << requirement.id << "  " << requirement.rule << "\n";
    std::cout << "\nScenarios, one run of the host each:\n";
    for (const Scenario& scenario : scenarios()) {
        std::string name(scenario.name);
        name.resize(18, ' ');
        std::cout << name << scenario.story << "\n";
    }
}

std::vector<const Scenario*> chosen_scenarios(const Arguments& arguments) {
    std::vector<const Scenario*> wanted;
    for (const std::string& name : arguments.list("--scenario")) {
        wanted.push_back(find_scenario(name));
        if (wanted.back() == nullptr)
            throw UsageError("There is no scenario " + name + ": careplug check-host --list names them.");
    }
    if (wanted.empty())
        for (const Scenario& scenario : scenarios()) wanted.push_back(&scenario);
    return wanted;
}

fs::path loader_file(const Arguments& arguments, const fs::path& program) {
    const fs::path loader = fs::absolute(
        arguments.value("--loader").value_or((program.parent_path() / "libcareplug.so").string()));
    if (!fs::is_regular_file(loader))
        throw UsageError("There is no loader " + loader.string() + ": name it with --loader FILE.");
    return loader;
}

}  // namespace

int check_host_command(const std::vector<std::string>& words) {
    const auto dashes = std::find(words.begin(), words.end(), "--");
    const Arguments arguments({words.begin(), dashes},
                              {"--junit", "--strictness", "--reproduce", "--opt-out", "--only", "--scenario",
                               "--loader", "--time-limit", "--jobs", "--keep"},
                              {"--json", "--list"});
    if (arguments.has("--list")) {
        list();
        return 0;
    }
    HostRun run;
    if (dashes != words.end()) run.command.assign(dashes + 1, words.end());
    if (run.command.empty() || !arguments.rest().empty())
        throw UsageError("Name the host's command behind --: careplug check-host -- COMMAND [ARGS...].");
    run.program = this_program();
    run.loader = loader_file(arguments, run.program);
    run.limit = std::chrono::seconds(arguments.number("--time-limit", 3600).value_or(60));
    run.at_once = static_cast<unsigned>(arguments.number("--jobs", 256).value_or(0));
    if (const auto folder = arguments.value("--keep")) {
        run.keep = fs::absolute(*folder);
        fs::create_directories(run.keep);
    }

    Report report;
    report.of = Report::Of::host;
    report.name = joined(run.command);
    report.strictness = static_cast<int>(arguments.number("--strictness", 2).value_or(1));
    auto wanted = chosen(arguments, report.strictness, host_requirements(), &find_host_requirement);
    auto days_wanted = chosen_scenarios(arguments);
    if (const auto text = arguments.value("--reproduce")) {
        const auto again =
            reproduction(*text, "ID:SCENARIO as a report gives it, for example HOST-303:plain.");
        wanted = {named(again.id, &find_host_requirement)};
        days_wanted = {find_scenario(again.rest)};
        if (days_wanted.front() == nullptr)
            throw UsageError("There is no scenario " + again.rest +
                             ": careplug check-host --list names them.");
        run.show_output = true;
    }
    const auto opted_out =
        read_opt_out(arguments, [](const std::string& id) { named(id, &find_host_requirement); });

    const auto days = run_days(run, days_wanted);
    for (const HostRequirement* requirement : wanted) {
        const auto out = opted_out.find(std::string(requirement->id));
        Result result = judge_days(*requirement, days);
        if (out != opted_out.end()) {
            result.outcome = Outcome::opted_out;
            result.sentence = out->second;
        }
        report.results.push_back(std::move(result));
    }
    return finish(report, arguments);
}

}  // namespace careplug::tools
