// Three-way merge by unit: whole or not at all, so that one person's decision never meets another's date.
#pragma once

#include <careplug/plan/data_set.h>
#include <vector>

namespace careplug::plan {

// What merges as one: the fields of one merge unit, or one row of a group whose rows are units of their own
// (rows.h).
struct Unit {
    std::string name;  // of the merge unit
    std::string row;   // row id; empty for all of the unit
    std::string id() const { return row.empty() ? name : name + "/" + row; }
    bool operator==(const Unit&) const = default;
};

struct UnitConflict {
    Unit unit;
    std::vector<std::string> fields;  // questions whose answers differ between mine and theirs
    bool mine_removed = false;        // the row
    bool theirs_removed = false;
    bool operator==(const UnitConflict&) const = default;
};

struct Merge {
    Answers merged;                       // conflicting units hold theirs until a person decides
    std::vector<Unit> taken;              // only they changed, or they withdrew consent
    std::vector<Unit> kept;               // only I changed, or I withdrew consent
    std::vector<UnitConflict> conflicts;  // both changed, differently
};

Merge merge(const DataSet& data_set, const Answers& base, const Answers& mine, const Answers& theirs);

// Copies one field, with every row; one that is not in `from` is cleared.
void take_field(Answers& into, const Answers& from, std::string_view field);
// Copies one unit, whole; a row that is not in `from` is removed.
void take_unit(const DataSet& data_set, Answers& into, const Answers& from, const Unit& unit);

// The answers of one unit alone.
Answers only(const DataSet& data_set, const Answers& answers, const Unit& unit);

}  // namespace careplug::plan
