// Opening and leaving a patient's record.
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "judges.h"

namespace careplug::tools::host_patient {

namespace {

using nlohmann::json;

bool is_nhs_number(std::string number) {
    std::erase(number, ' ');
    if (number.size() != 10) return false;
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        if (std::isdigit(static_cast<unsigned char>(number[i])) == 0) return false;
        if (i < 9) sum += (number[i] - '0') * (10 - static_cast<int>(i));
    }
    return (11 - sum % 11) % 11 == number[9] - '0';
}

bool is_date(const std::string& text) {
    static const std::regex form(R"(\d{4}-\d{2}-\d{2})");
    return std::regex_match(text, form);
}

// Patients that were opened: the entry and the id.
std::vector<std::pair<Day::Index, std::uint64_t>> opened(const Day& day) {
    std::vector<std::pair<Day::Index, std::uint64_t>> list;
    for (const auto index : day.all(asked("careplug_patient_open"))) {
        const auto created = json::parse(day.entries[index].text).value("created", std::uint64_t{0});
        if (created != 0) list.emplace_back(index, created);
    }
    return list;
}

}  // namespace

void names_patients(const Day& day) {
    std::vector<json> keys;
    for (const auto index : day.all(asked("careplug_watch"))) {
        const json named = arguments(day.entries[index]);
        for (const json& key : named.at(0)) keys.push_back(key);
    }
    for (const auto index : day.all(asked("careplug_patient_open"))) {
        keys.push_back(arguments(day.entries[index]).at(0));
        expect(!arguments(day.entries[index]).at(1).get<std::string>().empty(),
               "A patient was opened without a name.");
    }
    applies(!keys.empty(), "No patient was named.");
    for (const json& key : keys) {
        const auto number = key.value("number", "");
        const int status = key.value("status", 0);
        // A host may show people without a number, as long as it says so.
        expect(status != 1 || is_nhs_number(number),
               "A number was called verified that is no NHS number (10 digits, modulus 11).");
        expect(number.empty() || (status >= 1 && status <= 6),
               "The NHS number status indicator is none of 1 to 6.");
        const auto born = key.value("born", "");
        expect(born.empty() || is_date(born), "A birth date is not written YYYY-MM-DD.");
    }
}

void accepts_the_refusal(const Day& day) {
    applies(day.is(Play::patient_refused), "No patient was refused.");
    std::map<std::string, int> tries;
    for (const auto index : day.all(asked("careplug_patient_open")))
        ++tries[arguments(day.entries[index]).at(0).dump()];
    applies(!tries.empty(), "No patient was opened.");
    for (const auto& [key, count] : tries)
        expect(count <= 2, "A patient was refused for their identity and opened again " +
                               std::to_string(count - 1) + " times with the same number and birth date.");
}

void asks_before_leaving(const Day& day) {
    bool any = false;
    for (const auto index : day.all(asked("careplug_patient_close"))) {
        any = true;
        const std::uint64_t patient = day.entries[index].handle;
        expect(day.any_between(0, index, asked("careplug_patient_may_close", patient)),
               "A patient was closed without asking careplug_patient_may_close.");
    }
    applies(any, "No patient was closed.");
}

void reads_why_to_stay(const Day& day) {
    const auto refused = day.next(0, [](const Entry& entry) {
        return entry.what == Entry::What::call && entry.name == "careplug_patient_may_close" &&
               entry.status == CAREPLUG_REFUSED_STAY;
    });
    applies(refused.has_value(), "Nobody was asked to stay.");
    const auto question = day.next(0, asked("careplug_patient_may_close"));
    const auto problem = day.next(*question, given("problem"));
    expect(problem && *problem < *refused, "The reason to stay was not taken: pass a place for the problem.");
    const std::uint64_t handle = day.entries[*problem].handle;
    const auto closed = day.next(*refused, asked("careplug_patient_close"));
    expect(day.any_between(*refused, closed.value_or(day.entries.size()),
                           [handle](const Entry& entry) {
                               return entry.what == Entry::What::read && entry.handle == handle;
                           }),
           "The engine asked to stay, and the reason was not read before the patient was left: show it, and "
           "ask.");
}

void closes_patients(const Day& day) {
    applies(day.ended_well(), "The host gave up this day.");
    applies(!day.loses_engine(), "The engine closed them.");
    const auto patients = opened(day);
    applies(!patients.empty(), "No patient was opened.");
    for (const auto& [index, patient] : patients)
        expect(day.next(index, asked("careplug_patient_close", patient)).has_value(),
               "A patient was opened and not closed by careplug_patient_close.");
}

void closes_before_the_next(const Day& day) {
    const auto patients = opened(day);
    applies(patients.size() > 1, "Only one patient was opened.");
    for (std::size_t i = 1; i < patients.size(); ++i)
        expect(day.any_between(patients[i - 1].first, patients[i].first,
                               asked("careplug_patient_close", patients[i - 1].second)),
               "A patient was opened while another was open.");
}

}  // namespace careplug::tools::host_patient
