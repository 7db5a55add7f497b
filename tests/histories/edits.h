// Edits of a draft, as a host would send them.
#pragma once

#include "shared_plan.h"

namespace histories {

void edit_draft(Answers& draft, Operation operation, std::uint64_t pick, const std::string& word);

}  // namespace histories
