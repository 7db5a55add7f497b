// The patients of this host: its own records, not the plan service's.
#pragma once

#include <careplug/base.h>
#include <people.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::sim {

class Roster {
public:
    Roster(const std::string& kind, std::uint64_t seed, std::size_t board_patients, std::int64_t started);

    // The one person of this number.
    Roster only(const std::string& nhs_number) const;
    const std::vector<Listed>& rows() const { return rows_; }
    const std::vector<careplug_patient_key>& keys() const { return keys_; }  // in the order of rows
    // Throws std::out_of_range, with a sentence, for an id that is not on the list.
    std::size_t index_of(const std::string& id) const;
    const Person* find(const std::string& nhs_number, const std::string& birth_date) const;

    nlohmann::json row_json(std::size_t index) const;
    nlohmann::json record_json(std::size_t index) const;

private:
    explicit Roster(std::int64_t started) : started_(started) {}

    std::vector<Listed> rows_;
    std::vector<careplug_patient_key> keys_;
    std::int64_t started_;  // milliseconds
};

}  // namespace careplug::sim
