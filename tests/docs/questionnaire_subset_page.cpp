// Prints docs/questionnaire-subset.md from the examples that a test reads. A test compares the page with what
// is printed here.
#include <careplug/plan/data_set.h>

#include <exception>
#include <iostream>
#include <stdexcept>

#include "unit/questionnaire_examples.h"

namespace {

// Why the example is refused, in the program's own words.
std::string reason(const plan_test::QuestionnaireExample& example) {
    try {
        const auto set = careplug::plan::read_data_set(plan_test::questionnaire_with(example));
        const std::string& first = set.unsupported.at(0);
        return first.substr(first.find(": ") + 2);
    } catch (const std::invalid_argument& problem) {
        return problem.what();
    }
}

}  // namespace

int main() {
    try {
        std::cout << R"(# The Questionnaire subset

A kind of plan is a FHIR R4 Questionnaire ([data sets](data-sets.md)). This page lists what a form may hold. The tables are printed by
`careplug_questionnaire_page` from the examples that a test reads.

Whoever fills in a form must know all of it. A Questionnaire with anything of the second table is not filled in: opening the form
is refused with a sentence that names the question, and a plan that was published with it is shown with a warning. What may
change the meaning of the whole, or a rule that cannot be read, stops the engine when it starts, with the file's name.

## Supported

| what | how |
|---|---|
)";
        for (const auto& example : plan_test::supported_examples())
            std::cout << "| " << example.what << " | " << example.note << " |\n";
        std::cout << "\n## Refused\n\n| what | why |\n|---|---|\n";
        for (const auto& example : plan_test::refused_examples())
            std::cout << "| " << example.what << " | " << reason(example) << " |\n";
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
    return 0;
}
