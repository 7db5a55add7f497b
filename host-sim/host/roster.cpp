#include "roster.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "careplug_host.h"

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr std::int64_t minute = 60'000;

json entries_json(const std::vector<Entry>& entries) {
    json out = json::array();
    for (const Entry& entry : entries)
        out.push_back(
            {{"date", entry.date}, {"text", entry.text}, {"detail", entry.detail}, {"code", entry.code}});
    return out;
}

const char* words(AllergyList list) {
    switch (list) {
        case AllergyList::listed:
            return "listed";
        case AllergyList::none_known:
            return "none-known";
        case AllergyList::unreadable:
            break;
    }
    return "unreadable";
}

}  // namespace

Roster::Roster(const std::string& kind, std::uint64_t seed, std::size_t board_patients, std::int64_t started)
    : started_(started) {
    Population population = make_population(seed, board_patients);
    rows_ = kind == "gp" || kind == "patient" ? std::move(population.gp)
            : kind == "ooh"                   ? std::move(population.ooh)
                                              : std::move(population.ae);
    for (const Listed& row : rows_)
        keys_.push_back(patient_key(row.local.nhs_number, row.local.birth_date, row.local.number_status));
}

Roster Roster::only(const std::string& nhs_number) const {
    Roster one(started_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i].local.nhs_number != nhs_number) continue;
        one.rows_.push_back(rows_[i]);
        one.keys_.push_back(keys_[i]);
    }
    return one;
}

std::size_t Roster::index_of(const std::string& id) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].local.id == id) return i;
    throw std::out_of_range("This patient is not on the list here.");
}

const Person* Roster::find(const std::string& nhs_number, const std::string& birth_date) const {
    for (const Listed& row : rows_)
        if (row.local.nhs_number == nhs_number && row.local.birth_date == birth_date) return &row.local;
    return nullptr;
}

json Roster::row_json(std::size_t index) const {
    const Listed& row = rows_[index];
    const Person& person = row.local;
    json out{
        {"id", person.id},       {"prefix", person.prefix},         {"family", person.family},
        {"given", person.given}, {"birth_date", person.birth_date}, {"age_words", person.age_words},
        {"sex", person.sex},     {"nhs_number", person.nhs_number}, {"number_status", person.number_status},
        {"place", row.place},    {"complaint", row.complaint}};
    if (row.triage != 0) {
        out["triage"] = row.triage;
        out["arrived"] = started_ - row.waited_minutes * minute;
    }
    if (!row.priority.empty()) {
        out["priority"] = row.priority;
        out["due"] = started_ + row.due_minutes * minute;
    }
    return out;
}

json Roster::record_json(std::size_t index) const {
    const Person& person = rows_[index].local;
    return {{"address", person.address_line.empty()
                            ? ""
                            : person.address_line + ", " + person.city + ", " + person.postcode},
            {"phone", person.phone},
            {"usual_gp", "Dr P. Iwobi"},
            {"practice", "Alder Lane Surgery"},
            {"problems", entries_json(person.problems)},
            {"medicines", entries_json(person.medicines)},
            {"allergy_list", words(person.allergy_list)},
            {"allergies", entries_json(person.allergies)}};
}

}  // namespace careplug::sim
