// The tables of expected.h as Markdown, and their place in docs/abi-changes.md.
#pragma once

#include "compatibility/matrix/expected.h"

namespace careplug::test {

std::string table(const std::string& corner, const std::vector<Row>& rows);
// Words for a reader: "kept 1.0-rc.1", "1.1, the release after it".
std::string shown(const std::string& name);

}  // namespace careplug::test
