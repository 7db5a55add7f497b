// What leaves in an anonymous extract, and what cannot be computed from it.
#include <careplug/plan/extract.h>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <sstream>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

// The cells as somebody reads them who knows the rules and the total.
struct Read {
    std::int64_t total = 0;
    std::int64_t hidden = 0;  // cells
    std::int64_t in_hidden = 0;
    bool all_hidden = true;
};

Read read(const ExtractTable& table) {
    Read made;
    for (const auto& cell : table.cells) {
        made.total += cell.persons;
        if (cell.shown) made.all_hidden = false;
        if (cell.shown) continue;
        ++made.hidden;
        made.in_hidden += cell.persons;
    }
    return made;
}

ExtractTable random_table(std::mt19937& random) {
    std::uniform_int_distribution<int> cells(1, 9);
    std::uniform_int_distribution<int> persons(0, 40);
    std::bernoulli_distribution small(0.3);
    ExtractTable table{"q", "Question", {}};
    const int count = cells(random);
    for (int n = 0; n < count; ++n)
        table.cells.push_back({std::to_string(n), small(random) ? persons(random) % 12 : persons(random)});
    return table;
}

Plan plan_of(const std::string& created = "2026-11-20T10:00:00Z") {
    Plan plan;
    plan.id = "plan-one";
    plan.nhs_number = "9990000018";
    plan.created = created;
    return plan;
}

Answers permitting() {
    Answers answers = complete_answers();
    answers.set("con.research", option(urgent_care_plan(), "con.research", "permitted"));
    return answers;
}

}  // namespace

TEST_CASE("H18: a cell below the threshold is never shown, none included") {
    std::mt19937 random(20261122);
    for (int n = 0; n < 5000; ++n) {
        ExtractTable table = random_table(random);
        const ExtractRules rules{10, 5};
        suppress(table, rules);
        for (const auto& cell : table.cells) {
            INFO("table " << n << ", " << cell.persons << " persons");
            if (cell.persons < rules.smallest) CHECK_FALSE(cell.shown);
            if (cell.shown) CHECK(*cell.shown % rules.rounding == 0);
        }
    }
}

TEST_CASE("H18: what is suppressed is never one cell, nor a small number together: no total gives it back") {
    std::mt19937 random(20261122);
    int secondary = 0;
    for (int n = 0; n < 5000; ++n) {
        ExtractTable table = random_table(random);
        const ExtractRules rules{10, 1};  // not rounded: the worst case
        suppress(table, rules);
        const Read made = read(table);
        if (made.hidden == 0 || made.all_hidden) continue;
        INFO("table " << n << ": " << made.hidden << " hidden of " << made.total);
        CHECK(made.hidden >= 2);
        CHECK(made.in_hidden >= rules.smallest);
        for (const auto& cell : table.cells) secondary += !cell.shown && cell.persons >= rules.smallest;
    }
    CHECK(secondary > 0);
}

TEST_CASE("H18: only a person who permitted research is counted") {
    const Extract extract(urgent_care_plan(), {});
    CHECK(extract.may_count(plan_of(), permitting(), true));
    CHECK_FALSE(extract.may_count(plan_of(), complete_answers(), true));
    for (const char* code : {"not-permitted", "not-asked"}) {
        INFO(code);
        Answers answers = complete_answers();
        answers.set("con.research", option(urgent_care_plan(), "con.research", code));
        CHECK_FALSE(extract.may_count(plan_of(), answers, true));
    }
}

TEST_CASE(
    "H18: a plan that is suspended, closed or removed is in no extract, nor one whose consent was "
    "withdrawn") {
    const Extract extract(urgent_care_plan(), {});
    for (const PlanStatus status :
         {PlanStatus::on_hold, PlanStatus::completed, PlanStatus::entered_in_error}) {
        Plan plan = plan_of();
        plan.status = status;
        CHECK_FALSE(extract.may_count(plan, permitting(), true));
    }
    CHECK_FALSE(extract.may_count(plan_of(), permitting(), false));
}

TEST_CASE("H18: no text that anybody typed, no identity and no day is in the extract") {
    Extract extract(urgent_care_plan(), {5, 5});
    std::set<std::string> secrets;
    for (int n = 0; n < 30; ++n) {
        Answers answers = permitting();
        for (const char* link_id : {"dem.family", "dem.given", "dem.address", "cpr.reason", "cpr.where",
                                    "ppl.gp", "pref.matters", "pref.ppd1"}) {
            const std::string words = std::string("secret ") + link_id + std::to_string(n);
            answers.set(link_id, words);
            secrets.insert(words);
        }
        answers.set("dem.dob", Date{"19" + std::to_string(30 + n) + "-06-19"});
        extract.count(plan_of(), answers, "2026-11-22");
    }
    const std::string text = write_extract(extract, urgent_care_plan(), "2026-11");
    for (const auto& secret : secrets) CHECK(text.find(secret) == std::string::npos);
    for (const char* part : {"secret", "-06-19", "9990000018", "2026-11-20", "Nkemelu", "plan-one"}) {
        INFO(part);
        CHECK(text.find(part) == std::string::npos);
    }
    CHECK(text.find("total,\"All persons counted\",,30") != std::string::npos);
    CHECK(text.find("\"2026-11\",30") != std::string::npos);
    // Every line of a table has its question, and no field of free text is one.
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const Field* field = urgent_care_plan().find(line.substr(0, line.find(',')));
        if (field != nullptr) CHECK(field->type == ItemType::choice);
    }
}
