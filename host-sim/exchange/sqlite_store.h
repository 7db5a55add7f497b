// The store in one SQLite file: one writer, a connection for each reader at work.
#pragma once

#include <filesystem>
#include <memory>

#include "store.h"

namespace careplug::exchange {

// Makes the folder where it is missing. Throws StartProblem where it cannot be used.
std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& folder);

}  // namespace careplug::exchange
