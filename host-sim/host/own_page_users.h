// Who signs in to the patient's page: some of the invented people, and one who acts for another.
#pragma once

#include <people.h>

#include "profile.h"

namespace careplug::sim {

// The last acts for the first; the exchange is told of that authority when it is filled.
std::vector<User> own_page_users(const Population& population);

}  // namespace careplug::sim
