// The rows of repeating groups and the hidden ids by which they are known (docs/fhir.md).
#pragma once

#include <careplug/plan/data_set.h>
#include <string>
#include <vector>

namespace careplug::plan {

// The id of a row; empty where it has none.
std::string row_id(const Item& row);
void set_row_id(Item& row, const std::string& id);

// Rows alike but for their ids.
bool same_but_for_id(const Item& a, const Item& b);

// Whether each row of this field is a unit of its own: a repeating group with row ids that shares its merge
// unit with no other field. A group within a larger unit (allergies and whether there are any) stays whole.
bool merges_by_rows(const DataSet& data_set, const Field& field);

// Gives every row that has no id one made from its content, so that the same document read anywhere names its
// rows alike. Such a row edited elsewhere is then another row, never a guess at which one it was.
void name_rows(const DataSet& data_set, Answers& answers);

// Names the rows of an update. A row keeps the id it gives when that row is known; one without (or with an
// unknown id) takes the id of the known row that it equals, or else of the only one left with which it shares
// an answer and that shares one with no other. Every other row is new, and stays without an id.
void match_rows(const std::vector<const Item*>& known, std::vector<Item>& given);

}  // namespace careplug::plan
