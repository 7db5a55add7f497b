#pragma once

#include "sqlite_connection.h"

namespace careplug::exchange {

// Makes the tables of a new file; refuses a file of a later program with a StartProblem.
void prepare_schema(SqliteConnection& connection);

}  // namespace careplug::exchange
