#include "sqlite_view.h"

#include "sqlite_search.h"

namespace careplug::exchange {

namespace {

const std::string version_columns =
    "SELECT r.number, c.number, c.type, c.id, c.version, c.updated, c.author, c.body FROM ";
constexpr std::size_t version_column_count = 8;

Version version_of(Row&& row) {
    Version version;
    version.number = std::stoll(row[0]);
    version.change = std::stoll(row[1]);
    version.type = std::move(row[2]);
    version.id = std::move(row[3]);
    version.version = std::stoll(row[4]);
    version.updated = std::stoll(row[5]);
    version.author = std::move(row[6]);
    version.body = std::move(row[7]);
    return version;
}

std::vector<Version> versions(std::vector<Row>&& rows) {
    std::vector<Version> found;
    found.reserve(rows.size());
    for (auto& row : rows) found.push_back(version_of(std::move(row)));
    return found;
}

std::optional<Version> only(std::vector<Row>&& rows) {
    if (rows.empty()) return std::nullopt;
    return version_of(std::move(rows.front()));
}

std::int64_t number(const std::vector<Row>& rows) {
    return rows.empty() || rows[0][0].empty() ? 0 : std::stoll(rows[0][0]);
}

}  // namespace

std::optional<Version> SqliteReader::read(const std::string& type, const std::string& id) {
    return only(connection_.rows(
        version_columns + "resource r JOIN change c ON c.number = r.change WHERE r.type = ? AND r.id = ?",
        version_column_count, {type, id}));
}

std::optional<Version> SqliteReader::read(const std::string& type, const std::string& id,
                                          std::int64_t version) {
    return only(connection_.rows(version_columns +
                                     "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                     " WHERE c.type = ? AND c.id = ? AND c.version = ?",
                                 version_column_count, {type, id, version}));
}

std::vector<Version> SqliteReader::search(const Search& search) {
    auto statement = search_statement(search);
    statement.parameters.insert(statement.parameters.end(),
                                {search.after, static_cast<std::int64_t>(search.count)});
    return versions(connection_.rows(version_columns +
                                         "resource r JOIN change c ON c.number = r.change WHERE " +
                                         statement.condition + " AND r.number > ? ORDER BY r.number LIMIT ?",
                                     version_column_count, std::move(statement.parameters)));
}

std::int64_t SqliteReader::count(const Search& search) {
    auto statement = search_statement(search);
    return number(connection_.rows("SELECT count(*) FROM resource r WHERE " + statement.condition, 1,
                                   std::move(statement.parameters)));
}

std::vector<std::string> SqliteReader::values_of(const Version& resource, const std::string& parameter) {
    std::vector<std::string> values;
    for (auto& row : connection_.rows("SELECT value FROM term WHERE resource = ? AND parameter = ?", 1,
                                      {resource.number, parameter}))
        values.push_back(std::move(row[0]));
    return values;
}

std::vector<Version> SqliteReader::history(const History& history) {
    // `updated` never runs backwards, so that the first change since a time bounds all of them.
    const auto first = number(connection_.rows(
        "SELECT number FROM change WHERE updated >= ? ORDER BY updated, number LIMIT 1", 1, {history.since}));
    if (first == 0) return {};
    const std::int64_t before = history.before == 0 ? INT64_MAX : history.before;
    const auto count = static_cast<std::int64_t>(history.count);
    if (history.id.empty())
        return versions(connection_.rows(version_columns +
                                             "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                             " WHERE c.type = ? AND c.number >= ? AND c.number < ?"
                                             " ORDER BY c.number DESC LIMIT ?",
                                         version_column_count, {history.type, first, before, count}));
    return versions(connection_.rows(version_columns +
                                         "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                         " WHERE c.type = ? AND c.id = ? AND c.number >= ? AND c.number < ?"
                                         " ORDER BY c.version DESC LIMIT ?",
                                     version_column_count, {history.type, history.id, first, before, count}));
}

std::vector<Change> SqliteReader::changes_after(std::int64_t change, std::size_t count) {
    std::vector<Change> changes;
    for (auto& row : connection_.rows(
             "SELECT number, type, id, version FROM change WHERE number > ? ORDER BY number LIMIT ?", 4,
             {change, static_cast<std::int64_t>(count)}))
        changes.push_back({std::stoll(row[0]), std::move(row[1]), std::move(row[2]), std::stoll(row[3])});
    return changes;
}

std::int64_t SqliteReader::last_change() {
    return number(connection_.rows("SELECT max(number) FROM change", 1));
}

Milliseconds SqliteReader::last_updated() {
    return number(connection_.rows("SELECT updated FROM change ORDER BY number DESC LIMIT 1", 1));
}

}  // namespace careplug::exchange
