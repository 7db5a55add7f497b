#include <iostream>

#include "commands.h"
#include "requirement.h"

namespace careplug::tools {

int requirements_command() {
    std::cout
        << "# Requirements for plugins\n\n"
           "`careplug check PLUGIN` tests each of these in a process of its own. A mandatory requirement "
           "that\n"
           "fails makes the plugin fail; a recommended one does so with `--strictness 2`. This page is what\n"
           "`careplug requirements` prints.\n";
    std::string_view subject;
    for (const Requirement& requirement : requirements()) {
        if (requirement.subject != subject) {
            subject = requirement.subject;
            std::cout << "\n## " << subject << "\n\n| id | rule | otherwise |\n|---|---|---|\n";
        }
        std::cout << "| " << requirement.id
                  << (requirement.level == Level::recommended ? " (recommended)" : "") << " | "
                  << requirement.rule << " | " << requirement.otherwise << " |\n";
    }
    std::cout << std::flush;
    return std::cout ? 0 : 1;
}

}  // namespace careplug::tools
