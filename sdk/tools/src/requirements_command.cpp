#include <iostream>

#include "commands.h"
#include "host_requirement.h"
#include "requirement.h"

namespace careplug::tools {

namespace {

template <class Each>
void print(std::span<const Each> list) {
    std::string_view subject;
    for (const Each& requirement : list) {
        if (requirement.subject != subject) {
            subject = requirement.subject;
            std::cout << "\n## " << subject << "\n\n| id | rule | otherwise |\n|---|---|---|\n";
        }
        std::cout << "| " << requirement.id
                  << (requirement.level == Level::recommended ? " (recommended)" : "") << " | "
                  << requirement.rule << " | " << requirement.otherwise << " |\n";
    }
}

}  // namespace

int requirements_command() {
    std::cout << "# Requirements\n\n"
                 "`careplug check PLUGIN` tests each requirement for plugins (P-) in a process of its own.\n"
                 "`careplug check-host -- COMMAND` runs a vendor's host once in each scenario, against an "
                 "engine that\n"
                 "plays it, and judges each requirement for hosts (HOST-) by what it saw: every call, and "
                 "what the\n"
                 "library's own checks say of it. A mandatory requirement that fails makes the plugin or "
                 "host fail; a\n"
                 "recommended one does so with `--strictness 2`. This page is what `careplug requirements` "
                 "prints.\n\n"
                 "Not judged is what cannot be seen from outside a host: what stands on its screen, whether "
                 "a person\n"
                 "was asked, and whether what was asked for is drawn. The hazards in [safety.md](safety.md) "
                 "that lie\n"
                 "there are the vendor's to control.\n";
    print(requirements());
    print(host_requirements());
    std::cout << "\n## Scenarios\n\n| name | what happens |\n|---|---|\n";
    for (const Scenario& scenario : scenarios())
        std::cout << "| " << scenario.name << " | " << scenario.story << " |\n";
    std::cout << std::flush;
    return std::cout ? 0 : 1;
}

}  // namespace careplug::tools
