#include <careplug/plan/nhs_number.h>

#include <catch2/catch.hpp>

using namespace careplug::plan;

TEST_CASE("An NHS number has ten digits that fit modulus 11") {
    CHECK(parse_nhs_number("9434765919").valid());
    CHECK(parse_nhs_number("9990000018").valid());
    CHECK(parse_nhs_number("943 476 5919").digits == "9434765919");
    CHECK(parse_nhs_number("943-476-5919").valid());
    CHECK(parse_nhs_number(" 9434765919 ").valid());
    CHECK(grouped("9434765919") == "943 476 5919");
}

TEST_CASE("What is wrong with an NHS number is said") {
    CHECK(parse_nhs_number("9434765918").problem == NhsNumberProblem::check_digit);
    CHECK(parse_nhs_number("9434756919").problem == NhsNumberProblem::check_digit);  // swapped digits
    CHECK(parse_nhs_number("943476591").problem == NhsNumberProblem::length);
    CHECK(parse_nhs_number("94347659190").problem == NhsNumberProblem::length);
    CHECK(parse_nhs_number("943476591X").problem == NhsNumberProblem::characters);
    CHECK(parse_nhs_number("").problem == NhsNumberProblem::missing);
    CHECK(parse_nhs_number("   ").problem == NhsNumberProblem::missing);
    CHECK(parse_nhs_number("943.476.5919").problem == NhsNumberProblem::characters);
    CHECK(parse_nhs_number("\xEF\xBC\x99"
                           "434765919")
              .problem == NhsNumberProblem::characters);
    CHECK_FALSE(sentence(NhsNumberProblem::check_digit).empty());
}

TEST_CASE("A number whose check digit would be 10 is never valid") {
    // 999 000 014: the sum of the weighted digits leaves a remainder of 1.
    for (char last = '0'; last <= '9'; ++last)
        CHECK_FALSE(parse_nhs_number(std::string("999000014") + last).valid());
}
