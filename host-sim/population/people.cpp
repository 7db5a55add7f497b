#include "people.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "pools.h"
#include "random.h"

namespace careplug::sim {
namespace {

constexpr std::size_t practice_size = 60;
constexpr std::size_t common_size = 12;  // in all three hosts
constexpr std::size_t queue_size = 25;

template <typename T>
const T& pick(std::span<const T> pool, Random& random) {
    return pool[random.below(pool.size())];
}

std::string two_digits(int value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string date(int year, Random& random) {
    const int month = random.between(1, 12);
    const int day = random.between(1, 28);
    return std::to_string(year) + "-" + two_digits(month) + "-" + two_digits(day);
}

int birth_year(Random& random) {
    if (random.one_in(12)) return random.between(2008, 2022);
    if (random.one_in(5)) return random.between(1962, 1998);
    return random.between(1930, 1955);
}

void fill_record(Person& person, Random& random) {
    const std::size_t problems = 1 + random.below(4);
    for (std::size_t i = 0; i < problems; ++i) {
        const auto& coded = pick(pools::problems(), random);
        const bool twice = std::any_of(person.problems.begin(), person.problems.end(),
                                       [&](const Entry& entry) { return entry.code == coded.code; });
        if (!twice)
            person.problems.push_back({date(random.between(2009, 2025), random), std::string(coded.text), "",
                                       std::string(coded.code)});
    }
    const std::size_t first = random.below(pools::medicines().size());
    const std::size_t medicines = 1 + random.below(4);
    for (std::size_t i = 0; i < medicines; ++i) {
        const auto& medicine = pools::medicines()[(first + i * 3) % pools::medicines().size()];
        person.medicines.push_back(
            {date(2025, random), std::string(medicine.text), std::string(medicine.dose), ""});
    }
    const std::size_t kind = random.below(10);
    person.allergy_list = kind < 5   ? AllergyList::listed
                          : kind < 9 ? AllergyList::none_known
                                     : AllergyList::unreadable;
    if (person.allergy_list == AllergyList::listed) {
        const auto& allergy = pick(pools::allergies(), random);
        person.allergies.push_back({date(random.between(2001, 2022), random), std::string(allergy.substance),
                                    std::string(allergy.reaction), std::string(allergy.code)});
    }
}

Person make_person(std::size_t index, std::uint64_t seed, std::string nhs_number) {
    Random random(seed * 1000003 + index);
    Person person;
    std::string number = std::to_string(index);
    person.id = "p" + std::string(number.size() < 3 ? 3 - number.size() : 0, '0') + number;
    const bool female = random.one_in(2);
    person.nhs_number = std::move(nhs_number);
    person.sex = female ? "female" : "male";
    person.prefix = female ? (random.one_in(2) ? "Mrs" : "Ms") : "Mr";
    person.family = pick(pools::families(), random);
    person.given = pick(female ? pools::given_female() : pools::given_male(), random);
    const int year = birth_year(random);
    person.birth_date = date(year, random);
    if (year > 2005) person.prefix.clear();
    person.address_line =
        std::to_string(random.between(1, 140)) + " " + std::string(pick(pools::streets(), random));
    person.city = "Eastmoor";
    person.postcode =
        "ZZ" + std::to_string(random.between(1, 9)) + " " + std::to_string(random.between(1, 9)) + "ZZ";
    // 07700 900000 to 900999 are numbers kept free for drama.
    person.phone = "07700 900 " + std::to_string(random.between(100, 999));
    fill_record(person, random);
    return person;
}

// Patients whom a board meets in life and a demonstration must show.
void make_special(Population& population, std::size_t first) {
    auto& people = population.people;
    people[first].family = "<script>alert(1)</script>";
    people[first].given = "Robert";
    people[first + 1].family = "Z̶a̶l̶g̶o̶";
    people[first + 1].given = "Noël 🌻 שרה";
    people[first + 2].number_status = 2;
    people[first + 3].number_status = 4;
    auto& unknown = people[first + 4];
    unknown = Person{};
    unknown.id = "p" + std::string(first + 4 < 100 ? "0" : "") + std::to_string(first + 4);
    unknown.family = "UNKNOWN";
    unknown.given = "Male";
    unknown.sex = "male";
    unknown.age_words = "about 60";
    unknown.number_status = 0;
    unknown.allergy_list = AllergyList::unreadable;
    for (const std::size_t none : {first + 2, first + 3, first + 4}) population.has_plan[none] = false;
    for (const std::size_t some : {first, first + 5, first + 6}) population.has_plan[some] = true;
}

std::string later_birth_date(std::string text) {
    // The same day one year later: the slip of a finger.
    text[3] = text[3] == '9' ? '8' : static_cast<char>(text[3] + 1);
    return text;
}

void fill_board(Population& population, std::size_t board, std::size_t special, std::uint64_t seed) {
    Random random(seed * 31 + 7);
    const std::array<std::pair<const char*, std::size_t>, 4> areas = {
        {{"R", 6}, {"M", 28}, {"C", 24}, {"W", largest_board}}};
    std::size_t area = 0;
    std::size_t bay = 0;
    for (std::size_t i = 0; i < board; ++i) {
        const std::size_t index = i < common_size ? i : practice_size + (i - common_size);
        Listed row;
        row.person = index;
        row.local = population.people[index];
        if (++bay > areas[area].second) {
            ++area;
            bay = 1;
        }
        row.place = areas[area].first + std::to_string(bay);
        const auto& complaint = pick(pools::complaints(), random);
        row.triage = area == 0 ? random.between(1, 2) : complaint.triage;
        row.complaint = complaint.text;
        row.waited_minutes = random.between(2, 190);
        if (index == special + 4) {
            row.complaint = "Arrest, VF";
            row.triage = 1;
        }
        if (index == special + 5) row.local.birth_date = later_birth_date(row.local.birth_date);
        if (index == special + 6) row.local.family = "Fairbrother-Smythe";
        population.ae.push_back(std::move(row));
    }
}

void fill_queue(Population& population, std::uint64_t seed) {
    Random random(seed * 37 + 11);
    constexpr std::array<std::pair<const char*, int>, 4> priorities = {
        {{"Emergency", 20}, {"1 hour", 60}, {"2 hours", 120}, {"6 hours", 360}}};
    for (std::size_t i = 0; i < queue_size; ++i) {
        Listed row;
        row.person = i < common_size ? i : practice_size - 6 + (i - common_size);
        row.local = population.people[row.person];
        const auto& priority = priorities[std::min<std::size_t>(i / 5, 3)];
        row.place = std::to_string(4400 + random.below(10) + i * 10);
        row.priority = priority.first;
        row.due_minutes = priority.second + static_cast<int>(i);
        row.complaint = pick(pools::calls(), random);
        population.ooh.push_back(std::move(row));
    }
    std::stable_sort(population.ooh.begin(), population.ooh.end(),
                     [](const Listed& a, const Listed& b) { return a.due_minutes < b.due_minutes; });
}

void fill_practice(Population& population) {
    for (std::size_t index = 0; index < practice_size; ++index) {
        Listed row;
        row.person = index;
        row.local = population.people[index];
        population.gp.push_back(std::move(row));
    }
    std::sort(population.gp.begin(), population.gp.end(), [](const Listed& a, const Listed& b) {
        return std::tie(a.local.family, a.local.given, a.local.id) <
               std::tie(b.local.family, b.local.given, b.local.id);
    });
}

}  // namespace

std::vector<std::string> test_nhs_numbers(std::uint64_t seed, std::size_t count) {
    std::vector<std::string> numbers;
    for (std::uint64_t body = 999000000 + seed * 977 % 900000; numbers.size() < count; ++body) {
        unsigned sum = 0;
        std::uint64_t rest = body;
        for (unsigned weight = 2; weight <= 10; ++weight, rest /= 10)
            sum += weight * static_cast<unsigned>(rest % 10);
        const unsigned check = (11 - sum % 11) % 11;
        if (check != 10) numbers.push_back(std::to_string(body) + std::to_string(check));
    }
    return numbers;
}

Population make_population(std::uint64_t seed, std::size_t board_patients) {
    if (board_patients < smallest_board || board_patients > largest_board)
        throw std::invalid_argument("The board holds 40 to 200 patients: choose a number between them.");
    Population population;
    const std::size_t total = practice_size + board_patients - common_size;
    const std::vector<std::string> numbers = test_nhs_numbers(seed, total);
    for (std::size_t index = 0; index < total; ++index) {
        population.people.push_back(make_person(index, seed, numbers[index]));
        population.has_plan.push_back(index % 5 == 1 || index % 5 == 3);
    }
    Person& first = population.people[0];
    first.family = "Abbott";
    Random random(seed);
    first.birth_date = date(random.between(1936, 1948), random);
    first.prefix = first.sex == "female" ? "Mrs" : "Mr";
    const std::size_t special = practice_size + 13;
    make_special(population, special);
    fill_practice(population);
    fill_queue(population, seed);
    fill_board(population, board_patients, special, seed);
    return population;
}

}  // namespace careplug::sim
