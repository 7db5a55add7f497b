// What a Questionnaire may hold here, and what is refused, each with the smallest item that shows it.
// docs/questionnaire-subset.md is printed from these, and a test reads each.
#pragma once

#include <string>
#include <vector>

namespace plan_test {

struct QuestionnaireExample {
    std::string what;  // as a reader would look for it
    std::string json;  // an item, or members of the Questionnaire
    std::string note;  // of a supported one: how it is shown and kept
};

const std::vector<QuestionnaireExample>& supported_examples();
const std::vector<QuestionnaireExample>& refused_examples();

// A Questionnaire that holds this example, in a section, beside a question "other".
std::string questionnaire_with(const QuestionnaireExample& example);

}  // namespace plan_test
