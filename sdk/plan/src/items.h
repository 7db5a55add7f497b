#pragma once

#include <careplug/plan/answers.h>
#include <vector>

namespace careplug::plan {

// The answered items below one, so that the order in which they stand does not matter.
std::vector<const Item*> answered_by_link_id(const Item& item);

}  // namespace careplug::plan
