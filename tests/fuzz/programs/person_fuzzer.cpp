// Whatever Patients a server answers with: whom a number belongs to is told, and what two Patients claim is
// never one person's (hazard H1).
#include <careplug/plan/fhir.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "plans/person.h"

using namespace careplug;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nlohmann::json given;
    try {
        given = plan::fhir::parse(std::string(data, data + size));
    } catch (const std::invalid_argument&) {
        return 0;
    }
    const std::vector<nlohmann::json> patients = given.is_array()
                                                     ? std::vector<nlohmann::json>(given.begin(), given.end())
                                                     : std::vector<nlohmann::json>{given};
    const std::vector<std::string> numbers{"9990000018", "9990318468"};
    const auto persons = engine::persons_of(
        numbers, [&](const std::vector<std::string>&) { return patients; },
        [&](const std::string&) { return patients.empty() ? nlohmann::json::object() : patients.front(); });
    for (const auto& [number, person] : persons) {
        const bool clear = person.state == engine::Person::State::clear;
        if (clear != person.sentence().empty() || clear != person.words().empty()) __builtin_trap();
        if (person.state == engine::Person::State::superseded && person.now == number) __builtin_trap();
        if (!(engine::read_person(engine::write_person(person)) == person)) __builtin_trap();
    }
    return 0;
}
