// One connection to SQLite with its prepared statements, each compiled once. For one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace careplug::exchange {

// A text must outlive the statement's use.
using Parameter = std::variant<std::string_view, std::int64_t>;

// The rows of one statement. The connection is used for nothing else until they end.
class SqliteRows {
public:
    SqliteRows(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
    ~SqliteRows() { sqlite3_reset(statement_); }
    SqliteRows(const SqliteRows&) = delete;
    SqliteRows& operator=(const SqliteRows&) = delete;

    // False after the last row. Throws Problem.
    bool next();
    std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string text(int column) const;

private:
    sqlite3* database_;
    sqlite3_stmt* statement_;
};

class SqliteConnection {
public:
    // Opens or makes the file; WAL, synchronous FULL: a commit that returned is on disk. Checkpoints are the
    // owner's to make.
    explicit SqliteConnection(const std::string& file);

    // Both throw Problem.
    void run(const std::string& sql, const std::vector<Parameter>& parameters = {});
    SqliteRows query(const std::string& sql, const std::vector<Parameter>& parameters = {});

    bool in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }
    sqlite3* handle() { return database_.get(); }

private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    sqlite3_stmt* prepared(const std::string& sql);

    std::unique_ptr<sqlite3, Close> database_;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace careplug::exchange
