// Three-way merge by unit: whole or not at all, so that one person's decision never meets another's date.
#pragma once

#include <careplug/plan/data_set.h>
#include <vector>

namespace careplug::plan {

struct UnitConflict {
    std::string unit;
    std::vector<std::string> fields;  // of the unit that differ between mine and theirs
    bool operator==(const UnitConflict&) const = default;
};

struct Merge {
    Answers merged;                       // conflicting units hold theirs until a person decides
    std::vector<std::string> taken;       // units only they changed
    std::vector<std::string> kept;        // units only I changed
    std::vector<UnitConflict> conflicts;  // units both changed, differently
};

Merge merge(const DataSet& data_set, const Answers& base, const Answers& mine, const Answers& theirs);

// Copies one unit, whole.
void take_unit(const DataSet& data_set, Answers& into, const Answers& from, std::string_view unit);

}  // namespace careplug::plan
