// What an update may bring, and what a submission leaves out.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/role.h>

#include <set>
#include <string>

namespace careplug::engine {

// Applies `{"item": [...]}` and returns the fields it replaced. Throws Problem with a sentence for anything
// that is not a question of this form, not this role's to edit, or not of the question's type; then nothing
// was changed. Rows keep their ids (plan::match_rows), also a row of `base` that comes back. `actor` is null
// for a contact, whose fields are everybody's who may write one.
std::set<std::string> apply_update(const plan::DataSet& data_set, const plan::Actor* actor,
                                   const std::string& update, const plan::Answers& base,
                                   plan::Answers& answers);

// Clears answers to questions that do not apply, and questions that depended on those.
void drop_disabled(const plan::DataSet& data_set, plan::Answers& answers, const std::string& today);

}  // namespace careplug::engine
