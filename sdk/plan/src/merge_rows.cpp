#include "merge_rows.h"

#include <careplug/plan/rows.h>
#include <algorithm>
#include <set>

#include "row_order.h"

namespace careplug::plan {

namespace {

std::vector<const Item*> rows_of(const Answers& answers, const std::string& group) {
    std::vector<const Item*> rows;
    for (const Item& item : answers.items)
        if (item.link_id == group && answered(item)) rows.push_back(&item);
    return rows;
}

RowIds ids_of(const std::vector<const Item*>& rows) {
    RowIds ids;
    for (const Item* row : rows) ids.push_back(row_id(*row));
    return ids;
}

// Null where there is no such row.
const Item* find_row(const std::vector<const Item*>& rows, const std::string& id) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Item* row) { return row_id(*row) == id; });
    return found == rows.end() ? nullptr : *found;
}

bool same_row(const Item* a, const Item* b) {
    return a == nullptr || b == nullptr ? a == b : same(*a, *b);
}

std::vector<std::string> differing(const Field& group, const Item* a, const Item* b) {
    const Answers in_a{a == nullptr ? std::vector<Item>{} : a->items};
    const Answers in_b{b == nullptr ? std::vector<Item>{} : b->items};
    std::vector<std::string> fields;
    for (const Field& question : group.items)
        if (!same(in_a, in_b, question.link_id)) fields.push_back(question.link_id);
    return fields;
}

void put_rows(Answers& into, const std::string& group, const std::vector<const Item*>& rows,
              const RowIds& order) {
    std::vector<Item> ordered;
    for (const std::string& id : order)
        if (const Item* row = find_row(rows, id)) ordered.push_back(*row);
    into.replace(group, std::move(ordered));
}

}  // namespace

bool rows_are_named(const Answers& answers, const std::string& group) {
    const RowIds ids = ids_of(rows_of(answers, group));
    const std::set<std::string> different(ids.begin(), ids.end());
    return !different.contains("") && different.size() == ids.size();
}

void merge_rows(const Field& group, const Answers& base, const Answers& mine, const Answers& theirs,
                Merge& result) {
    const auto before = rows_of(base, group.link_id);
    const auto my_rows = rows_of(mine, group.link_id);
    const auto their_rows = rows_of(theirs, group.link_id);
    RowIds every_id = ids_of(before);
    for (const auto* rows : {&my_rows, &their_rows})
        for (const std::string& id : ids_of(*rows))
            if (std::find(every_id.begin(), every_id.end(), id) == every_id.end()) every_id.push_back(id);

    std::vector<const Item*> chosen;
    RowIds order = merged_order(ids_of(before), ids_of(my_rows), ids_of(their_rows));
    for (const std::string& id : every_id) {
        const Unit unit{group.merge_unit, id};
        const Item* was = find_row(before, id);
        const Item* my = find_row(my_rows, id);
        const Item* their = find_row(their_rows, id);
        const Item* stands = their;
        if (!same_row(my, their)) {
            if (same_row(my, was)) {
                result.taken.push_back(unit);
            } else if (same_row(their, was)) {
                result.kept.push_back(unit);
                stands = my;
            } else {
                result.conflicts.push_back(
                    {unit, differing(group, my, their), my == nullptr, their == nullptr});
            }
        }
        if (stands == nullptr) continue;
        chosen.push_back(stands);
        if (std::find(order.begin(), order.end(), id) == order.end())
            insert_like(order, id, ids_of(their_rows));
    }
    put_rows(result.merged, group.link_id, chosen, order);
}

void take_row(Answers& into, const Answers& from, const std::string& group, const std::string& id) {
    const auto theirs = rows_of(from, group);
    const Item* wanted = find_row(theirs, id);
    const Answers before = into;
    auto rows = rows_of(before, group);
    RowIds order = ids_of(rows);
    std::erase_if(rows, [&](const Item* row) { return row_id(*row) == id; });
    if (wanted != nullptr) {
        rows.push_back(wanted);
        if (std::find(order.begin(), order.end(), id) == order.end()) insert_like(order, id, ids_of(theirs));
    }
    put_rows(into, group, rows, order);
}

}  // namespace careplug::plan
