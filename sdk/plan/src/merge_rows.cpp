#include "merge_rows.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/rows.h>
#include <map>
#include <set>

#include "row_order.h"

namespace careplug::plan {

namespace {

// The rows of one group, in their order and by their ids.
struct Rows {
    RowIds ids;
    std::map<std::string, const Item*> by_id;

    Rows() = default;
    Rows(const Answers& answers, const std::string& group) {
        for (const Item& item : answers.items)
            if (item.link_id == group && answered(item)) add(item);
    }
    void add(const Item& row) {
        ids.push_back(row_id(row));
        by_id[ids.back()] = &row;
    }
    // Null where there is no such row.
    const Item* find(const std::string& id) const {
        const auto found = by_id.find(id);
        return found == by_id.end() ? nullptr : found->second;
    }
};

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

void put_rows(Answers& into, const std::string& group, const Rows& rows, const RowIds& order) {
    std::vector<Item> ordered;
    for (const std::string& id : order)
        if (const Item* row = rows.find(id)) ordered.push_back(*row);
    into.replace(group, std::move(ordered));
}

}  // namespace

bool rows_are_named(const Answers& answers, const std::string& group) {
    const Rows rows(answers, group);
    return rows.find("") == nullptr && rows.by_id.size() == rows.ids.size();
}

void merge_rows(const Field& group, const Answers& base, const Answers& mine, const Answers& theirs,
                Merge& result) {
    const Rows before(base, group.link_id);
    const Rows my_rows(mine, group.link_id);
    const Rows their_rows(theirs, group.link_id);
    RowIds every_id = before.ids;
    for (const Rows* rows : {&my_rows, &their_rows})
        for (const std::string& id : rows->ids)
            if (before.find(id) == nullptr && (rows == &my_rows || my_rows.find(id) == nullptr))
                every_id.push_back(id);

    Rows chosen;
    RowIds order = merged_order(before.ids, my_rows.ids, their_rows.ids);
    const std::set<std::string> placed(order.begin(), order.end());
    for (const std::string& id : every_id) {
        const Unit unit{group.merge_unit, id};
        const Item* was = before.find(id);
        const Item* my = my_rows.find(id);
        const Item* their = their_rows.find(id);
        const Item* stands = their;
        if (!same_row(my, their)) {
            if (same_row(my, was)) {
                result.taken.push_back(unit);
            } else if (same_row(their, was) || !control::on("H5.rows-both-changed")) {
                result.kept.push_back(unit);
                stands = my;
            } else {
                result.conflicts.push_back(
                    {unit, differing(group, my, their), my == nullptr, their == nullptr});
            }
        }
        if (stands == nullptr) continue;
        chosen.add(*stands);
        if (!placed.contains(id)) insert_like(order, id, their_rows.ids);
    }
    put_rows(result.merged, group.link_id, chosen, order);
}

void take_row(Answers& into, const Answers& from, const std::string& group, const std::string& id) {
    const Rows theirs(from, group);
    const Answers before = into;
    Rows rows(before, group);
    RowIds order = rows.ids;
    const bool placed = rows.find(id) != nullptr;
    const Item* wanted = theirs.find(id);
    rows.by_id[id] = wanted;
    if (wanted != nullptr && !placed) insert_like(order, id, theirs.ids);
    put_rows(into, group, rows, order);
}

}  // namespace careplug::plan
