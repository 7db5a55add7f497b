// What a plugin says of itself, asked in a process of its own: its code never runs in the one that signs.
#include <careplug/package/version.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "child.h"
#include "commands.h"
#include "library.h"
#include "plugin_facts.h"

namespace careplug::tools {

namespace {

constexpr std::chrono::seconds limit{20};

}  // namespace

int describe_command(const std::vector<std::string>& words) {
    if (words.size() != 1) throw UsageError("Name one plugin.");
    const Library library(words.front());
    const Answer answer = describe(table_of(library));
    if (!answer.ok()) return 1;
    for (std::string_view rest = answer.text; !rest.empty();) {
        const ssize_t count = ::write(report_descriptor, rest.data(), rest.size());
        if (count <= 0) return 1;
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

std::optional<PluginFacts> facts_of(const std::filesystem::path& file) {
    const Ended ended = run_process({{std::filesystem::read_symlink("/proc/self/exe").string(),
                                      "describe-plugin", std::filesystem::absolute(file).string()},
                                     {},
                                     {},
                                     limit});
    if (!ended.started || ended.timed_out || ended.signal != 0 || ended.exit_code != 0) return std::nullopt;
    const auto document = nlohmann::json::parse(ended.report, nullptr, false);
    if (!document.is_object()) return std::nullopt;
    const auto text = [&](const char* name) {
        const auto found = document.find(name);
        return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    return PluginFacts{text("id"), text("version")};
}

}  // namespace careplug::tools
