// NHS numbers: 10 digits, modulus 11 with weights 10 to 2 (NHS Data Dictionary, NHS NUMBER).
#pragma once

#include <string>
#include <string_view>

namespace careplug::plan {

enum class NhsNumberProblem { none, missing, characters, length, check_digit };

struct NhsNumber {
    std::string digits;  // ten digits when `problem` is none
    NhsNumberProblem problem = NhsNumberProblem::missing;
    bool valid() const { return problem == NhsNumberProblem::none; }
};

// Spaces and hyphens between digits are allowed.
NhsNumber parse_nhs_number(std::string_view written);

// What is wrong and what to do, for a person.
std::string sentence(NhsNumberProblem problem);

// "999 123 4567"
std::string grouped(std::string_view digits);

inline constexpr const char* nhs_number_system = "https://fhir.nhs.uk/Id/nhs-number";

}  // namespace careplug::plan
