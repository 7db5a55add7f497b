// What of FHIR's Questionnaire a form may hold here; everything else is refused with a sentence.
#include <careplug/plan/form.h>

#include <catch2/catch.hpp>
#include <stdexcept>

#include "plan_fixture.h"
#include "questionnaire_examples.h"

using namespace plan_test;

namespace {

std::string refusal_of(const QuestionnaireExample& example) {
    try {
        return refusal(read_data_set(questionnaire_with(example)));
    } catch (const std::invalid_argument& problem) {
        return problem.what();
    }
}

}  // namespace

TEST_CASE("What the Questionnaire subset holds is filled in") {
    for (const auto& example : supported_examples()) {
        INFO(example.what);
        CHECK(refusal_of(example).empty());
    }
}

TEST_CASE("H10: what lies outside the Questionnaire subset is refused with a sentence, never passed over") {
    for (const auto& example : refused_examples()) {
        INFO(example.what);
        const std::string why = refusal_of(example);
        REQUIRE(why.size() > 20);
        CHECK(why.back() == '.');
    }
}

TEST_CASE("A refusal names the question, and how many more there are") {
    const DataSet set = read_data_set(
        R"({"resourceType":"Questionnaire","url":"urn:x","title":"T","item":[
            {"linkId":"a","type":"quantity"},{"linkId":"b","type":"time"},{"linkId":"c","type":"string"}]})");
    CHECK(refusal(set) ==
          "The form \"T\" asks what cannot be asked here, so it is not filled in: a: the item type "
          "\"quantity\" is not supported, and 1 more. What was published can be read.");
    CHECK(refusal(urgent_care_plan()).empty());
    CHECK(refusal(contact_form()).empty());
    CHECK(refusal(contingency_plan()).empty());
}
