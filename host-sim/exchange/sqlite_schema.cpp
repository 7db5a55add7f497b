#include "sqlite_schema.h"

#include "problem.h"

namespace careplug::exchange {

namespace {

constexpr int schema_version = 1;

// `change` holds every version in the order of commits: it is history, and the log that streams of events
// read. Nothing is deleted from either table, so that numbers follow each other without a gap. `resource`
// names the current one. `term` is what searches look at, of current versions alone.
constexpr const char* tables[] = {
    "CREATE TABLE change (number INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL,"
    " version INTEGER NOT NULL, updated INTEGER NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL,"
    " UNIQUE (type, id, version))",
    "CREATE INDEX change_type ON change (type, number)",
    "CREATE TABLE resource (number INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL,"
    " version INTEGER NOT NULL, updated INTEGER NOT NULL, change INTEGER NOT NULL REFERENCES change (number),"
    " UNIQUE (type, id))",
    "CREATE INDEX resource_type ON resource (type, number)",
    "CREATE INDEX resource_updated ON resource (type, updated)",
    "CREATE TABLE term (parameter TEXT NOT NULL, value TEXT NOT NULL, system TEXT NOT NULL,"
    " resource INTEGER NOT NULL, PRIMARY KEY (parameter, value, system, resource)) WITHOUT ROWID",
    "CREATE INDEX term_resource ON term (resource, parameter)",
};

}  // namespace

void prepare_schema(SqliteConnection& connection) {
    std::int64_t found = 0;
    if (auto rows = connection.query("PRAGMA user_version"); rows.next()) found = rows.number(0);
    if (found == schema_version) return;
    if (found != 0)
        throw StartProblem(
            "The data folder was written by another version of careplug-exchange: start that version, or "
            "name "
            "another folder with --data.");
    connection.run("BEGIN IMMEDIATE");
    for (const char* table : tables) connection.run(table);
    connection.run("PRAGMA user_version=" + std::to_string(schema_version));
    connection.run("COMMIT");
}

}  // namespace careplug::exchange
