#include <careplug/plan/plan.h>

#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;

TEST_CASE("H1: a plan is shown only for the person that it was made for") {
    const Answers plan = complete_answers();
    const auto match = [&](const char* number, const char* born, const char* family, const char* given) {
        return match_identity(plan, number, born, family, given);
    };
    CHECK(match("9990000018", "1944-06-19", "Nkemelu", "Adaeze") == IdentityMatch::same);
    CHECK(match("999 000 0018", "1944-06-19", "NKEMELU", "adaeze") == IdentityMatch::same);
    CHECK(match("9990000026", "1944-06-19", "Nkemelu", "Adaeze") == IdentityMatch::different_number);
    CHECK(match("9990000018", "1944-06-18", "Nkemelu", "Adaeze") == IdentityMatch::different_birth_date);
    CHECK(match("9990000018", "1944-06-19", "Nkemelo", "Adaeze") == IdentityMatch::different_name);
    CHECK(match("9990000018", "1944-06-19", "Nkemelu", "Ada") == IdentityMatch::different_name);
    // What cannot be compared does not match.
    CHECK(match("", "1944-06-19", "Nkemelu", "Adaeze") == IdentityMatch::different_number);
    CHECK(match("9990000018", "", "Nkemelu", "Adaeze") == IdentityMatch::different_birth_date);
    CHECK(match("9990000018", "1944", "Nkemelu", "Adaeze") == IdentityMatch::different_birth_date);
    CHECK(match_identity({}, "9990000018", "1944-06-19", "Nkemelu", "Adaeze") ==
          IdentityMatch::different_number);
}

TEST_CASE("Names are compared without case, accents, spaces and punctuation") {
    Answers plan = complete_answers();
    plan.set("dem.family", std::string("O\xE2\x80\x99Ne\xC3\xADll-\xC5\x81uk\xC3\xA1\xC5\xA1"));
    plan.set("dem.given", std::string("Jose\xCC\x81"));
    const auto match = [&](const char* family, const char* given) {
        return match_identity(plan, "9990000018", "1944-06-19", family, given);
    };
    CHECK(match("ONEILL LUKAS", "JOS\xC3\x89") == IdentityMatch::same);
    CHECK(match("O'Neill-Lukas", "Jose ") == IdentityMatch::same);
    CHECK(match("Oneil Lukas", "Jose") == IdentityMatch::different_name);
    plan.set("dem.family", std::string("\xD7\x9B\xD7\x94\xD7\x9F"));
    CHECK(match("\xD7\x9B\xD7\x94\xD7\x9F", "Jose") == IdentityMatch::same);
    CHECK(match("\xD7\x9C\xD7\x95\xD7\x99", "Jose") == IdentityMatch::different_name);
}

TEST_CASE("Codes of a plan's status are read as they are written") {
    for (const PlanStatus status :
         {PlanStatus::active, PlanStatus::on_hold, PlanStatus::completed, PlanStatus::entered_in_error})
        CHECK(plan_status(code(status)) == status);
    CHECK_FALSE(plan_status("revoked"));
}
