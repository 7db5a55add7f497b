// The exchange judges again what a program of others may have let through.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <iostream>

#include "../unit/plan_fixture.h"
#include "exchange_fixture.h"

namespace plan = careplug::plan;
using careplug::test::HttpClient;

namespace {

// Answers by which a condition holds.
void satisfy(plan::Answers& answers, const plan::Condition& condition) {
    const plan::DataSet& set = plan_test::urgent_care_plan();
    const plan::Field& field = *set.find(condition.question);
    if (condition.op == "in") {
        answers.set(condition.question,
                    plan_test::option(set, condition.question, condition.answers.front()));
    } else if (condition.op == "not-in") {
        answers.clear(condition.question);
    } else if (field.type == plan::ItemType::group) {
        answers.items.push_back(
            {field.link_id,
             {},
             {{field.items.front().link_id, {plan::Value(std::string("Penicillin"))}, {}}}});
    } else {
        FAIL("this test cannot satisfy " << condition.question << " " << condition.op);
    }
}

careplug::test::Reply publish(HttpClient& client, plan::Answers answers, int n) {
    const std::string number = exchange_test::nhs_number(n);
    answers.set("dem.nhs", number);
    const plan::fhir::Revision revision{exchange_test::uuid(n + 1000), exchange_test::uuid(n),
                                        exchange_test::actor(), "2026-11-20T10:00:00Z", answers};
    const plan::fhir::Subject subject{number, "Nkemelu", "Adaeze", "1944-06-19", "female", "", ""};
    return client.send("POST", "",
                       plan::fhir::publish_transaction(plan_test::urgent_care_plan(), revision, subject,
                                                       nullptr, "2026-11-21"));
}

}  // namespace

TEST_CASE("H20: the exchange refuses every contradiction that the data set blocks, in its words") {
    exchange_test::Running running;
    auto gp = running.client();
    int n = 20;
    const auto sound = publish(gp, plan_test::complete_answers(), n);
    INFO(sound.body);
    REQUIRE(sound.status == 200);
    int blocking = 0;
    for (const plan::LintRule& lint : plan_test::urgent_care_plan().lint) {
        if (!lint.blocks) continue;
        ++blocking;
        plan::Answers answers = plan_test::complete_answers();
        for (const plan::Condition& condition : lint.rule.conditions) satisfy(answers, condition);
        const auto refused = publish(gp, answers, ++n);
        INFO(lint.id << ": " << refused.body);
        CHECK(refused.status == 422);
        bool said = false;
        const auto outcome = refused.json();
        for (const auto& issue : outcome.at("issue"))
            said = said || issue.at("details").at("text") == lint.words;
        CHECK(said);
    }
    std::cout << "blocking lint rules refused by the exchange: " << blocking << "\n";
    CHECK(blocking > 0);
}
