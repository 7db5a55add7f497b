#include "plans/person.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace careplug::engine {
namespace {

using nlohmann::json;
using Numbers = std::set<std::string>;

// How many numbers one person may have had, one after the other.
constexpr int longest_chain = 8;

std::string text_of(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& list_of(const json& object, const char* name) {
    static const json none = json::array();
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_array() ? *found : none;
}

std::string nhs_number_in(const json& identifier) {
    if (text_of(identifier, "system") != plan::nhs_number_system) return {};
    const auto number = plan::parse_nhs_number(text_of(identifier, "value"));
    return number.valid() ? number.digits : std::string();
}

// Those of now, or those that were.
Numbers numbers_of(const json& patient, bool old) {
    Numbers numbers;
    for (const json& identifier : list_of(patient, "identifier"))
        if ((text_of(identifier, "use") == "old") == old)
            if (std::string number = nhs_number_in(identifier); !number.empty())
                numbers.insert(std::move(number));
    return numbers;
}

std::vector<json> linked(const json& patient, const char* type) {
    std::vector<json> others;
    for (const json& link : list_of(patient, "link"))
        if (text_of(link, "type") == type && link.contains("other")) others.push_back(link.at("other"));
    return others;
}

class Persons {
public:
    Persons(const FindPatients& find, const ReadPatient& read) : find_(find), read_(read) {}

    std::map<std::string, Person> of(const std::vector<std::string>& numbers) {
        const std::vector<json> patients = find_(numbers);
        std::map<std::string, Person> persons;
        for (const std::string& number : numbers) persons[number] = judge(number, patients);
        return persons;
    }

private:
    Person judge(const std::string& number, const std::vector<json>& patients) {
        Person person;
        std::vector<const json*> now;
        Numbers successors;
        bool followed = true;
        for (const json& patient : patients) {
            const bool is_now = numbers_of(patient, false).contains(number);
            if (!is_now && !numbers_of(patient, true).contains(number)) continue;
            person.restricted = person.restricted || is_restricted(patient);
            const auto replaced_by = linked(patient, "replaced-by");
            if (is_now && replaced_by.empty()) now.push_back(&patient);
            for (const json& other : replaced_by) followed = follow(other, successors) && followed;
            if (!is_now && replaced_by.empty()) successors.merge(numbers_of(patient, false));
        }
        // A duplicate that was merged into the Patient who keeps the number is no other person.
        if (!now.empty()) successors.erase(number);
        if ((now.size() > 1 || successors.size() > 1 || !followed || (!now.empty() && !successors.empty())) &&
            control::on("H1.several-people")) {
            person.state = Person::State::several;
        } else if (!successors.empty() && control::on("H1.superseded-number")) {
            person.state = *successors.begin() == number ? Person::State::several : Person::State::superseded;
            person.now = *successors.begin();
        } else if (!now.empty() && !add_earlier(*now.front(), number, person)) {
            person.state = Person::State::several;
        }
        return person;
    }

    json read(const json& other) const {
        const std::string reference = text_of(other, "reference");
        return reference.starts_with("Patient/") ? read_(reference) : json::object();
    }

    // The numbers that stand at the end of a chain of replacements; false where it has none.
    bool follow(json other, Numbers& successors) const {
        for (int step = 0; step < longest_chain; ++step) {
            if (other.contains("identifier") && !other.contains("reference")) {
                const std::string number = nhs_number_in(other.at("identifier"));
                if (!number.empty()) successors.insert(number);
                return !number.empty();
            }
            const json patient = read(other);
            const auto next = linked(patient, "replaced-by");
            if (next.size() > 1) return false;
            if (next.empty()) {
                const Numbers numbers = numbers_of(patient, false);
                successors.insert(numbers.begin(), numbers.end());
                return numbers.size() == 1;
            }
            other = next.front();
        }
        return false;
    }

    // The numbers that this one took the place of: only those of which the exchange says the same from their
    // own side. False where the two sides contradict each other.
    bool add_earlier(const json& patient, const std::string& number, Person& person) {
        Numbers earlier = numbers_of(patient, true);
        for (const json& other : linked(patient, "replaces")) {
            if (other.contains("identifier") && !other.contains("reference")) {
                earlier.insert(nhs_number_in(other.at("identifier")));
                continue;
            }
            const json replaced = read(other);
            person.restricted = person.restricted || is_restricted(replaced);
            earlier.merge(numbers_of(replaced, false));
            earlier.merge(numbers_of(replaced, true));
        }
        earlier.erase(number);
        earlier.erase("");
        if (earlier.empty()) return true;
        const std::vector<std::string> asked(earlier.begin(), earlier.end());
        const std::vector<json> patients = find_(asked);
        for (const std::string& one : asked) {
            // Judged without its own past: a number that was superseded has no numbers before it to add.
            Numbers successors;
            bool sound = true;
            for (const json& each : patients) {
                const bool is_now = numbers_of(each, false).contains(one);
                if (!is_now && !numbers_of(each, true).contains(one)) continue;
                const auto replaced_by = linked(each, "replaced-by");
                if (is_now && replaced_by.empty()) sound = false;
                for (const json& other : replaced_by) sound = follow(other, successors) && sound;
                if (!is_now && replaced_by.empty()) successors.merge(numbers_of(each, false));
            }
            if (!sound || successors != Numbers{number}) return false;
            person.earlier.push_back(one);
        }
        return true;
    }

    const FindPatients& find_;
    const ReadPatient& read_;
};

std::string spaced(const std::string& digits) {
    return digits.size() == 10 ? digits.substr(0, 3) + " " + digits.substr(3, 3) + " " + digits.substr(6)
                               : digits;
}

}  // namespace

bool is_restricted(const nlohmann::json& patient) {
    if (!patient.is_object() || !patient.contains("meta")) return false;
    const auto& labels = list_of(patient.at("meta"), "security");
    return std::any_of(labels.begin(), labels.end(), [](const json& label) {
        const std::string code = text_of(label, "code");
        return code == "R" || code == "V";
    });
}

std::string Person::words() const {
    if (state == State::superseded) return "NHS number superseded by " + spaced(now);
    if (state == State::several) return "two people answer to this NHS number";
    return {};
}

std::string Person::sentence() const {
    if (state == State::superseded)
        return "The NHS number of this record was superseded by " + spaced(now) +
               ". Close this record, correct the number in it and open it again.";
    if (state == State::several)
        return "More than one person answers to this NHS number, so nothing is shown: identify the person by "
               "other means, and tell the person's practice that the number is to be resolved.";
    return {};
}

std::map<std::string, Person> persons_of(const std::vector<std::string>& numbers, const FindPatients& find,
                                         const ReadPatient& read) {
    return Persons(find, read).of(numbers);
}

std::string write_person(const Person& person) {
    return json{{"state", static_cast<int>(person.state)},
                {"now", person.now},
                {"earlier", person.earlier},
                {"restricted", person.restricted}}
        .dump();
}

Person read_person(const std::string& body) {
    const json document = json::parse(body);
    Person person;
    const int state = document.at("state").get<int>();
    person.state = state == 0   ? Person::State::clear
                   : state == 1 ? Person::State::superseded
                                : Person::State::several;
    document.at("now").get_to(person.now);
    document.at("earlier").get_to(person.earlier);
    document.at("restricted").get_to(person.restricted);
    return person;
}

}  // namespace careplug::engine
