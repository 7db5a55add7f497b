#include <careplug/plan/merge.h>
#include <algorithm>

namespace careplug::plan {

namespace {

// Items outside the data set form a unit of their own each: they are carried along, never dropped.
std::vector<std::string> units_of(const DataSet& data_set, std::initializer_list<const Answers*> all) {
    std::vector<std::string> units = data_set.merge_units();
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

}  // namespace

Merge merge(const DataSet& data_set, const Answers& base, const Answers& mine, const Answers& theirs) {
    Merge result;
    result.merged = theirs;
    for (const std::string& unit : units_of(data_set, {&base, &mine, &theirs})) {
        const auto fields = fields_of(data_set, unit);
        const auto between = differing(fields, mine, theirs);
        if (between.empty()) continue;
        const bool i_changed = !differing(fields, base, mine).empty();
        const bool they_changed = !differing(fields, base, theirs).empty();
        if (!i_changed) {
            result.taken.push_back(unit);
        } else if (!they_changed) {
            result.kept.push_back(unit);
            take_unit(data_set, result.merged, mine, unit);
        } else {
            result.conflicts.push_back({unit, between});
        }
    }
    return result;
}

void take_unit(const DataSet& data_set, Answers& into, const Answers& from, std::string_view unit) {
    for (const std::string& field : fields_of(data_set, unit)) {
        std::vector<Item> rows;
        for (const Item& item : from.items)
            if (item.link_id == field) rows.push_back(item);
        into.replace(field, std::move(rows));
    }
}

}  // namespace careplug::plan
