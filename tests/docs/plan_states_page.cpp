// Prints docs/plan-states.md from the tables of the clinical core. A test compares the page with what is
// printed here.
#include <careplug/plan/states.h>

#include <iostream>
#include <string>

using namespace careplug::plan;

namespace {

std::string name_of(const std::optional<PlanStatus>& status) {
    return status ? code(*status) : "none";
}

std::string identifier(std::string text) {
    for (char& letter : text)
        if (letter == '-') letter = '_';
    return text;
}

void plans() {
    std::cout << R"(
## The plan

```mermaid
stateDiagram-v2
)";
    for (const PlanTransition& each : plan_transitions())
        std::cout << "  " << (each.from ? identifier(code(*each.from)) : "[*]") << " --> "
                  << identifier(code(each.to)) << " : " << verb(each.act) << '\n';
    std::cout << "```\n\n| from | act | to | who may |\n|---|---|---|---|\n";
    for (const PlanTransition& each : plan_transitions())
        std::cout << "| " << name_of(each.from) << " | " << verb(each.act) << " | " << code(each.to) << " | "
                  << who_has(each.right) << " |\n";
    std::cout << "\n| code | meaning |\n|---|---|\n";
    for (const PlanStatus each :
         {PlanStatus::active, PlanStatus::on_hold, PlanStatus::completed, PlanStatus::entered_in_error})
        std::cout << "| " << code(each) << " | " << words(each) << " |\n";
}

void revisions() {
    std::cout << R"(
## A revision

```mermaid
stateDiagram-v2
  [*] --> draft
)";
    for (const RevisionTransition& each : revision_transitions())
        std::cout << "  " << identifier(code(each.from)) << " --> " << identifier(code(each.to)) << " : "
                  << verb(each.act) << '\n';
    std::cout << "```\n\n| from | act | to | who may |\n|---|---|---|---|\n";
    for (const RevisionTransition& each : revision_transitions())
        std::cout << "| " << code(each.from) << " | " << verb(each.act) << " | " << code(each.to) << " | "
                  << words(each.doer) << " |\n";
}

}  // namespace

int main() {
    std::cout << R"(# States of plans and revisions

This page is printed by `careplug_plan_states_page` from the tables of `sdk/plan/src/states.cpp`. The engine asks
them before it offers or sends anything, and the exchange asks them again. After a change of a table:

```
ninja -C build careplug_plan_states_page && build/tests/careplug_plan_states_page > docs/plan-states.md
```

The matrix of roles is a proposal: a clinician must settle it. Who may not is told who may, in one sentence.
A new plan is made by publishing its first revision. Whoever may approve submits, approves and publishes in one
action. *Superseded* is derived: a revision that was published, when the plan points to another one.
)";
    plans();
    revisions();
    return std::cout.flush() ? 0 : 1;
}
