#include "sqlite_connection.h"

#include "problem.h"

namespace careplug::exchange {

namespace {

// Searches may shape statements in many ways: more shapes than this are not worth keeping.
constexpr std::size_t kept_statements = 200;
constexpr int longest_wait = 20'000;  // milliseconds, for a lock of another connection

[[noreturn]] void refuse(sqlite3* database) {
    switch (sqlite3_errcode(database) & 0xff) {
        case SQLITE_FULL:
            throw Problem(507, "no-store",
                          "The disk of the exchange is full: nothing was saved. Free space, then try again.");
        case SQLITE_IOERR:
            throw Problem(507, "no-store",
                          "The disk of the exchange cannot be written or read: nothing was saved. Check the "
                          "disk, then try again.");
        case SQLITE_READONLY:
            throw Problem(507, "no-store",
                          "The data folder of the exchange is read-only: nothing was saved.");
        default:
            throw Problem(500, "exception", std::string("The database refused: ") + sqlite3_errmsg(database));
    }
}

sqlite3* open(const std::string& file) {
    sqlite3* database = nullptr;
    // No mutex within SQLite: each connection has one user at a time.
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &database, flags, nullptr) == SQLITE_OK) return database;
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> failed(database, sqlite3_close_v2);
    refuse(database);
}

}  // namespace

bool SqliteRows::next() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            refuse(database_);
    }
}

std::string SqliteRows::text(int column) const {
    const auto* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

SqliteConnection::SqliteConnection(const std::string& file) : database_(open(file)) {
    sqlite3_busy_timeout(handle(), longest_wait);
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("PRAGMA wal_autocheckpoint=0");
    run("PRAGMA foreign_keys=ON");
    run("PRAGMA cache_size=-16000");
    run("PRAGMA temp_store=MEMORY");
}

sqlite3_stmt* SqliteConnection::prepared(const std::string& sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
    if (statements_.size() >= kept_statements) statements_.clear();
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK)
        refuse(handle());
    statements_[sql].reset(statement);
    return statement;
}

SqliteRows SqliteConnection::query(const std::string& sql, const std::vector<Parameter>& parameters) {
    auto* statement = prepared(sql);
    int place = 0;
    for (const auto& parameter : parameters) {
        ++place;
        const auto* text = std::get_if<std::string_view>(&parameter);
        const int result = text != nullptr
                               ? sqlite3_bind_text(statement, place, text->data(),
                                                   static_cast<int>(text->size()), SQLITE_STATIC)
                               : sqlite3_bind_int64(statement, place, std::get<std::int64_t>(parameter));
        if (result != SQLITE_OK) refuse(handle());
    }
    return {handle(), statement};
}

void SqliteConnection::run(const std::string& sql, const std::vector<Parameter>& parameters) {
    auto rows = query(sql, parameters);
    while (rows.next()) {
    }
}

}  // namespace careplug::exchange
