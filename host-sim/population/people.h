// Invented people and their records, the same in every simulated host for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace careplug::sim {

struct Entry {
    std::string date;    // YYYY-MM-DD
    std::string text;    // "Heart failure", "Furosemide 40 mg tablets", "Penicillin"
    std::string detail;  // dose, reaction
    std::string code;    // SNOMED CT, where one is known
};

// What a host knows of allergies: an unreadable list is never "none" (hazard H14).
enum class AllergyList { listed, none_known, unreadable };

struct Person {
    std::string id;  // "p007": the host's own record number, the same in all three hosts
    std::string prefix;
    std::string family;
    std::string given;
    std::string birth_date;  // empty where nobody knows it
    std::string sex;         // FHIR administrative gender
    std::string nhs_number;  // ten digits; empty where unknown
    int number_status = 1;   // careplug_patient_key.number_status
    std::string age_words;   // "about 60", where birth_date is empty
    std::string address_line;
    std::string city;
    std::string postcode;
    std::string phone;
    std::vector<Entry> problems;
    std::vector<Entry> medicines;
    AllergyList allergy_list = AllergyList::listed;
    std::vector<Entry> allergies;
};

// One row of a host's list: the person as this host recorded them, and why they are here.
struct Listed {
    std::size_t person = 0;  // index in Population::people
    Person local;
    std::string place;       // bay, or case number
    int triage = 0;          // A&E: 1 to 5
    std::string priority;    // out of hours: "1 hour"
    int due_minutes = 0;     // out of hours: after the start of the host
    int waited_minutes = 0;  // A&E: before the start of the host
    std::string complaint;
};

struct Population {
    std::vector<Person> people;
    std::vector<bool> has_plan;
    std::vector<Listed> gp;   // the practice list, by name
    std::vector<Listed> ooh;  // open cases, by time due
    std::vector<Listed> ae;   // the board, by bay
};

inline constexpr std::size_t smallest_board = 40;
inline constexpr std::size_t largest_board = 200;

// The first person has no plan and stands first in all three lists: the demonstration starts there.
// Throws std::invalid_argument for a board outside 40..200.
Population make_population(std::uint64_t seed, std::size_t board_patients);

// Different numbers of the 999 range, each of ten digits with a valid check digit.
std::vector<std::string> test_nhs_numbers(std::uint64_t seed, std::size_t count);

}  // namespace careplug::sim
