#include "sqlite_connection.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Statement.h>

#include "problem.h"

namespace careplug::exchange {

using namespace Poco::Data::Keywords;

namespace {

Poco::Data::Session open(const std::string& file) {
    Poco::Data::SQLite::Connector::registerConnector();
    return Poco::Data::Session(Poco::Data::SQLite::Connector::KEY, file, 20);
}

// A statement that searches may shape in many ways: more than this many shapes are not worth keeping.
constexpr std::size_t kept_statements = 200;

[[noreturn]] void refuse(const Poco::Exception& error) {
    using namespace Poco::Data::SQLite;
    if (dynamic_cast<const DatabaseFullException*>(&error) != nullptr)
        throw Problem(507, "no-store",
                      "The disk of the exchange is full: nothing was saved. Free space, then try again.");
    if (dynamic_cast<const IOErrorException*>(&error) != nullptr)
        throw Problem(507, "no-store",
                      "The disk of the exchange cannot be written or read: nothing was saved. Check the "
                      "disk, then try again.");
    if (dynamic_cast<const ReadOnlyException*>(&error) != nullptr)
        throw Problem(507, "no-store", "The data folder of the exchange is read-only: nothing was saved.");
    throw Problem(500, "exception", "The database refused: " + error.message());
}

}  // namespace

struct SqliteConnection::Prepared {
    explicit Prepared(Poco::Data::Session& session) : statement(session) {}
    std::vector<Parameter> parameters;
    std::vector<std::vector<std::string>> columns;
    Poco::Data::Statement statement;
};

SqliteConnection::SqliteConnection(const std::string& file) : session_(open(file)) {
    rows("PRAGMA journal_mode=WAL", 1);
    run("PRAGMA synchronous=FULL");
    run("PRAGMA foreign_keys=ON");
    run("PRAGMA cache_size=-16000");
    run("PRAGMA temp_store=MEMORY");
}

SqliteConnection::~SqliteConnection() {
    statements_.clear();
}

SqliteConnection::Prepared& SqliteConnection::prepared(const std::string& sql, std::size_t columns,
                                                       std::vector<Parameter>& parameters) {
    auto& slot = statements_[sql];
    if (slot) {
        // Poco reads the bound variables in place, so they are assigned, never replaced.
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (auto* text = std::get_if<std::string>(&parameters[i]))
                std::get<std::string>(slot->parameters[i]) = std::move(*text);
            else
                std::get<std::int64_t>(slot->parameters[i]) = std::get<std::int64_t>(parameters[i]);
        }
        for (auto& column : slot->columns) column.clear();
        return *slot;
    }
    slot = std::make_unique<Prepared>(session_);
    slot->parameters = std::move(parameters);
    slot->columns.resize(columns);
    slot->statement << sql;
    for (auto& parameter : slot->parameters) {
        if (auto* text = std::get_if<std::string>(&parameter))
            slot->statement, use(*text);
        else
            slot->statement, use(std::get<std::int64_t>(parameter));
    }
    for (auto& column : slot->columns) slot->statement, into(column);
    return *slot;
}

void SqliteConnection::run(const std::string& sql, std::vector<Parameter> parameters) {
    rows(sql, 0, std::move(parameters));
}

std::vector<Row> SqliteConnection::rows(const std::string& sql, std::size_t columns,
                                        std::vector<Parameter> parameters) {
    if (statements_.size() > kept_statements) statements_.clear();
    try {
        Prepared& statement = prepared(sql, columns, parameters);
        statement.statement.execute();
        const std::size_t count = columns == 0 ? 0 : statement.columns.front().size();
        std::vector<Row> found(count, Row(columns));
        for (std::size_t column = 0; column < columns; ++column)
            for (std::size_t row = 0; row < count; ++row)
                found[row][column] = std::move(statement.columns[column][row]);
        return found;
    } catch (const Poco::Exception& error) {
        statements_.erase(sql);
        refuse(error);
    }
}

}  // namespace careplug::exchange
