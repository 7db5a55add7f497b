// What differs between the simulated hosts, as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace careplug::sim {

struct User {
    std::string id;
    std::string name;
    std::string role;
    std::string role_words;
    bool senior = false;
    std::string organisation;  // ODS code
    std::string organisation_name;
    std::string nhs_number{};  // of a patient, or of whom a person acts for
};

struct Profile {
    std::string kind;
    std::string title;
    std::string list_title;
    std::string workstation;
    std::int32_t basis = 0;  // CAREPLUG_BASIS_
    std::vector<User> users;
};

// Throws std::invalid_argument for an unknown kind.
const Profile& profile_of(const std::string& kind);

}  // namespace careplug::sim
