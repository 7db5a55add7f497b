#include <careplug/controls/controls.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>
#include <algorithm>

#include "merge_rows.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

// Items outside the data set form a unit of their own each: they are carried along, never dropped.
std::vector<std::string> units_of(const DataSet& data_set, std::initializer_list<const Answers*> all) {
    std::vector<std::string> units = data_set.merge_units();
    if (!control::on("H5.whole-units")) {
        units.clear();
        for (const Field* field : data_set.fields()) units.push_back(field->link_id);
    }
    for (const Answers* answers : all)
        for (const Item& item : answers->items)
            if (data_set.find(item.link_id) == nullptr &&
                std::find(units.begin(), units.end(), item.link_id) == units.end())
                units.push_back(item.link_id);
    return units;
}

std::vector<std::string> fields_of(const DataSet& data_set, std::string_view unit) {
    std::vector<std::string> fields;
    for (const Field* field : data_set.fields())
        if (field->merge_unit == unit) fields.push_back(field->link_id);
    if (fields.empty()) fields.emplace_back(unit);
    return fields;
}

std::vector<std::string> differing(const std::vector<std::string>& fields, const Answers& a,
                                   const Answers& b) {
    std::vector<std::string> result;
    for (const std::string& field : fields)
        if (!same(a, b, field)) result.push_back(field);
    return result;
}

bool withdraws_consent(const DataSet& data_set, const Answers& answers) {
    const Field* consent = data_set.find(well_known::consent);
    if (consent == nullptr) return false;
    const auto values = answers.values(well_known::consent);
    return std::any_of(values.begin(), values.end(), [&](const Value* value) {
        const auto* coding = std::get_if<Coding>(value);
        return coding != nullptr && !permits_publishing(data_set, *consent, coding->code);
    });
}

bool is_of_consent(const DataSet& data_set, const std::string& unit) {
    const Field* consent = data_set.find(well_known::consent);
    return consent != nullptr && consent->merge_unit == unit;
}

class Merging {
public:
    Merging(const DataSet& set, const Answers& base, const Answers& mine, const Answers& theirs)
        : set_(set), base_(base), mine_(mine), theirs_(theirs) {
        result_.merged = theirs;
    }

    Merge run() {
        for (const std::string& unit : units_of(set_, {&base_, &mine_, &theirs_})) {
            if (const Field* group = group_of_rows(unit))
                merge_rows(*group, base_, mine_, theirs_, result_);
            else
                merge_whole(unit);
        }
        return std::move(result_);
    }

private:
    // Rows without ids of their own cannot be told apart: their group then merges whole.
    const Field* group_of_rows(const std::string& unit) const {
        for (const Field* field : set_.fields())
            if (field->merge_unit == unit && merges_by_rows(set_, *field) &&
                rows_are_named(base_, field->link_id) && rows_are_named(mine_, field->link_id) &&
                rows_are_named(theirs_, field->link_id))
                return field;
        return nullptr;
    }

    void merge_whole(const std::string& name) {
        const Unit unit{name, {}};
        const auto fields = fields_of(set_, name);
        const auto between = differing(fields, mine_, theirs_);
        if (between.empty()) return;
        const bool i_changed = !differing(fields, base_, mine_).empty();
        const bool they_changed = !differing(fields, base_, theirs_).empty();
        if (!i_changed || withdrawal_against(name, theirs_, mine_)) {
            result_.taken.push_back(unit);
        } else if (!they_changed || withdrawal_against(name, mine_, theirs_) ||
                   !control::on("H5.both-changed")) {
            result_.kept.push_back(unit);
            take_unit(set_, result_.merged, mine_, unit);
        } else {
            result_.conflicts.push_back({unit, between});
        }
    }

    // Whatever else was said about consent meanwhile: who withdraws it has withdrawn it.
    bool withdrawal_against(const std::string& unit, const Answers& one, const Answers& other) const {
        return control::on("H8.withdrawal-wins") && is_of_consent(set_, unit) &&
               !withdraws_consent(set_, base_) && withdraws_consent(set_, one) &&
               !withdraws_consent(set_, other);
    }

    const DataSet& set_;
    const Answers& base_;
    const Answers& mine_;
    const Answers& theirs_;
    Merge result_;
};

}  // namespace

Merge merge(const DataSet& data_set, const Answers& base, const Answers& mine, const Answers& theirs) {
    return Merging(data_set, base, mine, theirs).run();
}

void take_field(Answers& into, const Answers& from, std::string_view field) {
    std::vector<Item> rows;
    for (const Item* row : from.all(field)) rows.push_back(*row);
    into.replace(field, std::move(rows));
}

void take_unit(const DataSet& data_set, Answers& into, const Answers& from, const Unit& unit) {
    for (const std::string& field : fields_of(data_set, unit.name)) {
        if (unit.row.empty())
            take_field(into, from, field);
        else
            take_row(into, from, field, unit.row);
    }
}

Answers only(const DataSet& data_set, const Answers& answers, const Unit& unit) {
    Answers of_unit;
    take_unit(data_set, of_unit, answers, unit);
    return of_unit;
}

}  // namespace careplug::plan
