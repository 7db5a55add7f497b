// A second kind of plan is a data set and needs no C++.
#include <careplug/base.h>

#include <careplug/plan/fhir.h>
#include <careplug/plan/merge.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using nlohmann::json;

namespace {

std::string examples_folder() {
    if (const char* folder = std::getenv("CAREPLUG_FHIR_EXAMPLES")) return folder;
    return std::string(CAREPLUG_SOURCE_DIR) + "/../shared/data/fhir/ukcore-r4";
}

}  // namespace

TEST_CASE("A contingency plan: form, checks, flags and wire from its data set alone") {
    const DataSet& set = contingency_plan();
    CHECK(set.unsupported.empty());
    CHECK(set.plan_type.code == "325691000000100");
    Answers answers;
    answers.set("dem.family", std::string("Nkemelu"));
    answers.set("dem.given", std::string("Adaeze"));
    answers.set("dem.dob", Date{"1944-06-19"});
    answers.set("dem.nhs", std::string("9990000018"));
    answers.set("worse.signs", std::string("breathless at rest"));
    answers.set("worse.step", option(set, "worse.step", "home-first"));
    answers.set("meta.review", Date{"2026-11-01"});
    answers.set("kept.agreed", true);
    CHECK(count(validate(set, answers, Intent::publish, today), "worse.home") == 1);
    answers.set("worse.home", std::string("two puffs, sit up"));
    answers.replace("contacts.person",
                    {{"contacts.person",
                      {},
                      {{"contacts.person.$row", {Value(std::string("r1"))}, {}},
                       {"contacts.person.name", {Value(std::string("Ngozi"))}, {}},
                       {"contacts.person.phone", {Value(std::string("020 7946 0018"))}, {}}}}});
    const auto issues = validate(set, answers, Intent::publish, today);
    INFO(words_of(issues));
    CHECK(issues.empty());

    const auto all = flags(set, answers);
    REQUIRE(all.size() == 4);
    CHECK(all[0].id == "plan");
    CHECK(all[1].id == "cpr-unreadable");
    CHECK(all[1].short_words == "CPR: open plan");
    CHECK(all[2].short_words == "If worse: home first");
    CHECK(all[2].long_words ==
          "If things get worse (breathless at rest): Treat at home first. two puffs, sit up");
    CHECK(all[3].id == "contingency-review");
    CHECK(all[3].long_words.find("01-Nov-2026") != std::string::npos);

    fhir::Revision revision;
    revision.id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c008";
    revision.plan_id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001";
    revision.author = gp();
    revision.authored = "2026-11-21T14:02:11Z";
    revision.answers = answers;
    const json bundle = fhir::publish_transaction(
        set, revision, {"9990000018", "Nkemelu", "Adaeze", "1944-06-19", "", "", "Patient/1"}, nullptr,
        today);
    const Plan plan = fhir::read_plan(set, bundle["entry"].back()["resource"]);
    CHECK(bundle["entry"].back()["resource"]["category"][0]["coding"][0]["code"] == "325691000000100");
    CHECK(plan.consent_id.empty());
    const Answers back = fhir::read_revision(set, bundle["entry"][0]["resource"]);
    for (const Field* field : set.fields()) CHECK(same(back, answers, field->link_id));
    CHECK_THROWS_AS(fhir::read_plan(urgent_care_plan(), bundle["entry"].back()["resource"]),
                    std::invalid_argument);
}

TEST_CASE("UK Core's end of life plan is read, round-trips and gives flags") {
    const std::string folder = examples_folder();
    const std::string form = folder + "/UKCore-Questionnaire-EOLPlan-Example.json";
    if (!std::filesystem::exists(form)) {
        WARN("SKIPPED: no UK Core examples at " << folder << "; set CAREPLUG_FHIR_EXAMPLES to their folder");
        return;
    }
    const DataSet set = read_data_set(read_file(form));
    CHECK(set.title == "End of Life Care Plan (Mock up)");
    CHECK(set.sections.size() == 3);
    CHECK(set.fields().size() == 5);
    CHECK(set.find("Q1.1")->repeats);
    CHECK(set.plan_type.code == "861411000000103");
    // One of its questions has its answers in a value set elsewhere: the form says so instead of failing.
    REQUIRE(set.unsupported.size() == 1);
    CHECK(set.unsupported.front().find("Q1.1g: ") == 0);

    const json response =
        fhir::parse(read_file(folder + "/UKCore-QuestionnaireResponse-EOLPlan-Example.json"));
    const Answers answers = fhir::read_revision(set, response);
    CHECK(std::get<Coding>(*answers.first("Q1.1g")).code == "95417003");
    CHECK(answers.text("Q1.2") == "Yes");
    CHECK(*answers.first("Q2g") == Value(Date{"2023-11-13"}));
    CHECK(*answers.first("Q3g") == Value(DateTime{"2023-11-13T16:07:00+00:00"}));
    CHECK(fhir::read_answers(set, {{"item", fhir::write_items(set, answers)}}) == answers);
    const auto issues = validate(set, answers, Intent::publish, today);
    INFO(words_of(issues));
    CHECK_FALSE(blocks(issues));
    const auto all = flags(set, answers);
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == "plan");
    CHECK(all[1].id == "cpr-unreadable");
    const Plan plan = active_plan(set, answers);
    CHECK(fhir::read_plan(set, fhir::write_plan(set, plan)).summary == plan.summary);
    CHECK(merge(set, answers, answers, {}).taken.size() == 5);
}

TEST_CASE("UK Core's in-patient survey: questions without a section") {
    const std::string folder = examples_folder();
    const std::string form = folder + "/UKCore-Questionnaire-InpatientSurvey-Example.json";
    if (!std::filesystem::exists(form)) {
        WARN("SKIPPED: no UK Core examples at " << folder << "; set CAREPLUG_FHIR_EXAMPLES to their folder");
        return;
    }
    const DataSet set = read_data_set(read_file(form));
    CHECK(set.unsupported.empty());
    const json response =
        fhir::parse(read_file(folder + "/UKCore-QuestionnaireResponse-InpatientSurvey-Example.json"));
    const Answers answers = fhir::read_revision(set, response);
    CHECK(answers.items.size() == 7);
    CHECK_FALSE(blocks(validate(set, answers, Intent::publish, today)));
    const json written = fhir::write_items(set, answers);
    CHECK(written[0]["linkId"] == "1");
    CHECK(written[1]["linkId"] == "2");
    CHECK(fhir::read_answers(set, {{"item", written}}) == answers);
}
