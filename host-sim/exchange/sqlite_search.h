// A search as one SQL statement. The shape of the statement depends on the parameters alone, so that it is
// compiled once however many values are asked for.
#pragma once

#include "sqlite_connection.h"
#include "store.h"

namespace careplug::exchange {

struct SearchStatement {
    std::string condition;  // on resource r
    std::vector<std::variant<std::string, std::int64_t>> parameters;
};

SearchStatement search_statement(const Search& search);

}  // namespace careplug::exchange
