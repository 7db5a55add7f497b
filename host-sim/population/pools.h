// What the generator draws from.
#pragma once

#include <span>
#include <string_view>

namespace careplug::sim::pools {

struct Name {
    std::string_view given;
    std::string_view family;
    std::string_view sex;
};

struct Coded {
    std::string_view code;
    std::string_view text;
};

struct Medicine {
    std::string_view text;
    std::string_view dose;
};

struct Allergy {
    std::string_view code;
    std::string_view substance;
    std::string_view reaction;
};

struct Complaint {
    std::string_view text;
    int triage;
};

std::span<const std::string_view> given_female();
std::span<const std::string_view> given_male();
std::span<const std::string_view> families();  // none sorts before "Abbott"
std::span<const std::string_view> streets();
std::span<const Coded> problems();
std::span<const Medicine> medicines();
std::span<const Allergy> allergies();
std::span<const Complaint> complaints();    // A&E
std::span<const std::string_view> calls();  // out of hours

}  // namespace careplug::sim::pools
