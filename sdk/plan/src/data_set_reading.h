// Parts of reading a data set, in files of their own.
#pragma once

#include <careplug/plan/data_set.h>

#include "json_reading.h"

namespace careplug::plan {

// An item with its standard members and extensions, without link id and children. What the item does not
// say it inherits from its group and section.
Field read_question(const Json& item, const Json& section, const Field* group);

// The rule lines in extensions `name` of an element: question, operator, answer*; `any` beside them.
Rule read_rule(const Json& element, const std::string& name, const std::string& any_name);

// The extensions of the Questionnaire itself.
void read_data_set_extensions(const Json& questionnaire, DataSet& set);

Coding read_coding(const Json& coding);

}  // namespace careplug::plan
