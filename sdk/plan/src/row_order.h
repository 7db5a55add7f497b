// In which order the rows of a group stand after a merge.
#pragma once

#include <string>
#include <vector>

namespace careplug::plan {

using RowIds = std::vector<std::string>;

// The order is no answer, and nobody is asked about it; it comes out the same whoever merges first. Where one
// side alone added, removed or moved rows, its order stands. Where both did, rows of before come first, as
// the side that moved them put them (as before where both moved them), then the new rows, each side's own in
// their order.
RowIds merged_order(const RowIds& base, const RowIds& mine, const RowIds& theirs);

// Puts an id behind the nearest one that precedes it in `like`, in front where none does.
void insert_like(RowIds& order, const std::string& id, const RowIds& like);

}  // namespace careplug::plan
