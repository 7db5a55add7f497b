// Reading, by one connection within one SQL transaction that the owner of the connection began.
#pragma once

#include "sqlite_connection.h"
#include "store.h"

namespace careplug::exchange {

class SqliteReader {
public:
    explicit SqliteReader(SqliteConnection& connection) : connection_(connection) {}

    std::optional<Version> read(const std::string& type, const std::string& id);
    std::optional<Version> read(const std::string& type, const std::string& id, std::int64_t version);
    std::vector<Version> search(const Search& search);
    std::int64_t count(const Search& search);
    std::vector<std::string> values_of(const Version& resource, const std::string& parameter);
    std::vector<Version> history(const History& history);
    std::vector<Change> changes_after(std::int64_t change, std::size_t count);
    std::int64_t last_change();
    Milliseconds last_updated();

private:
    std::int64_t first_change_since(Milliseconds since);  // 0: none

    SqliteConnection& connection_;
};

}  // namespace careplug::exchange
