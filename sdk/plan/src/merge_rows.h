// Merging a group of which each row is a unit of its own.
#pragma once

#include <careplug/plan/merge.h>
#include <string>

namespace careplug::plan {

// Every row has an id, and no two have the same.
bool rows_are_named(const Answers& answers, const std::string& group);

void merge_rows(const Field& group, const Answers& base, const Answers& mine, const Answers& theirs,
                Merge& result);

// Copies one row of a group; removes it where `from` has none.
void take_row(Answers& into, const Answers& from, const std::string& group, const std::string& id);

}  // namespace careplug::plan
