// What the exchange says of the person whom an NHS number belongs to (hazard H1): numbers are superseded, and
// two Patients may answer to one.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::engine {

struct Person {
    enum class State { clear, superseded, several };
    State state = State::clear;
    std::string now;                   // the number that superseded this one
    std::vector<std::string> earlier;  // numbers that this one superseded, of the same person
    bool restricted = false;           // where this person lives must not be shown

    // Why nothing may be shown under this number: a few words for a flag, and what to do; empty where it may.
    std::string words() const;
    std::string sentence() const;
    bool operator==(const Person&) const = default;
};

// Of each number asked. `find` gives every Patient that answers to one of the numbers given, whether they are
// that Patient's number now or were before; `read` the Patient of a reference ("Patient/1").
using FindPatients = std::function<std::vector<nlohmann::json>(const std::vector<std::string>& numbers)>;
using ReadPatient = std::function<nlohmann::json(const std::string& reference)>;
std::map<std::string, Person> persons_of(const std::vector<std::string>& numbers, const FindPatients& find,
                                         const ReadPatient& read);

// As the store keeps it beside what was last known; read_person throws std::exception on what it cannot read.
std::string write_person(const Person& person);
Person read_person(const std::string& body);

// Whether a Patient is marked as restricted (meta.security R or V).
bool is_restricted(const nlohmann::json& patient);

}  // namespace careplug::engine
