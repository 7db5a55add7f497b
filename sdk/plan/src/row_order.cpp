#include "row_order.h"

#include <algorithm>
#include <set>

namespace careplug::plan {

namespace {

RowIds chosen(const RowIds& ids, const RowIds& others, bool in_others) {
    const std::set<std::string> known(others.begin(), others.end());
    RowIds found;
    for (const std::string& id : ids)
        if (known.contains(id) == in_others) found.push_back(id);
    return found;
}

RowIds those_in(const RowIds& ids, const RowIds& wanted) {
    return chosen(ids, wanted, true);
}

RowIds those_not_in(const RowIds& ids, const RowIds& known) {
    return chosen(ids, known, false);
}

RowIds survivors(const RowIds& base, const RowIds& mine, const RowIds& theirs) {
    const RowIds in_all = those_in(those_in(base, mine), theirs);
    const RowIds my_order = those_in(mine, in_all);
    const RowIds their_order = those_in(theirs, in_all);
    if (my_order == in_all || my_order == their_order) return their_order;
    return their_order == in_all ? my_order : in_all;
}

// A new row stands before those of the other side whose id is greater: a choice as good as any, and the same
// for any number of people in any sequence, since ids are random and each side's own order is kept.
RowIds added(const RowIds& mine, const RowIds& theirs) {
    if (!those_in(mine, theirs).empty()) {
        RowIds all = theirs;
        for (const std::string& id : those_not_in(mine, theirs)) all.push_back(id);
        std::sort(all.begin(), all.end());
        return all;
    }
    RowIds all;
    auto my = mine.begin();
    auto their = theirs.begin();
    while (my != mine.end() || their != theirs.end()) {
        const bool take_mine = their == theirs.end() || (my != mine.end() && *my < *their);
        all.push_back(take_mine ? *my++ : *their++);
    }
    return all;
}

}  // namespace

RowIds merged_order(const RowIds& base, const RowIds& mine, const RowIds& theirs) {
    if (mine == base || mine == theirs) return theirs;
    if (theirs == base) return mine;
    RowIds order = survivors(base, mine, theirs);
    for (const std::string& id : added(those_not_in(mine, base), those_not_in(theirs, base)))
        order.push_back(id);
    return order;
}

void insert_like(RowIds& order, const std::string& id, const RowIds& like) {
    auto before = std::find(like.begin(), like.end(), id);
    while (before != like.begin()) {
        --before;
        if (const auto at = std::find(order.begin(), order.end(), *before); at != order.end()) {
            order.insert(at + 1, id);
            return;
        }
    }
    order.insert(order.begin(), id);
}

}  // namespace careplug::plan
