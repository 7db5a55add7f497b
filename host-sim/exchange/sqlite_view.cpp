#include "sqlite_view.h"

#include <algorithm>

#include "sqlite_search.h"

namespace careplug::exchange {

namespace {

const std::string version_columns =
    "SELECT r.number, c.number, c.type, c.id, c.version, c.updated, c.author, c.body FROM ";

Version version_of(const SqliteRows& row) {
    Version version;
    version.number = row.number(0);
    version.change = row.number(1);
    version.type = row.text(2);
    version.id = row.text(3);
    version.version = row.number(4);
    version.updated = row.number(5);
    version.author = row.text(6);
    version.body = row.text(7);
    return version;
}

std::vector<Version> versions(SqliteRows rows) {
    std::vector<Version> found;
    while (rows.next()) found.push_back(version_of(rows));
    return found;
}

std::optional<Version> only(SqliteRows rows) {
    if (!rows.next()) return std::nullopt;
    return version_of(rows);
}

std::int64_t number(SqliteRows rows) {
    return rows.next() ? rows.number(0) : 0;
}

std::vector<Parameter> parameters_of(const SearchStatement& statement) {
    std::vector<Parameter> parameters;
    for (const auto& owned : statement.parameters)
        std::visit([&](const auto& value) { parameters.emplace_back(value); }, owned);
    return parameters;
}

}  // namespace

std::optional<Version> SqliteReader::read(const std::string& type, const std::string& id) {
    static const std::string sql =
        version_columns + "resource r JOIN change c ON c.number = r.change WHERE r.type = ? AND r.id = ?";
    return only(connection_.query(sql, {type, id}));
}

std::optional<Version> SqliteReader::read(const std::string& type, const std::string& id,
                                          std::int64_t version) {
    return only(connection_.query(version_columns +
                                      "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                      " WHERE c.type = ? AND c.id = ? AND c.version = ?",
                                  {type, id, version}));
}

std::vector<Version> SqliteReader::search(const Search& search) {
    const auto statement = search_statement(search);
    auto parameters = parameters_of(statement);
    parameters.insert(parameters.end(), {search.after, static_cast<std::int64_t>(search.count)});
    return versions(connection_.query(version_columns +
                                          "resource r JOIN change c ON c.number = r.change WHERE " +
                                          statement.condition + " AND r.number > ? ORDER BY r.number LIMIT ?",
                                      parameters));
}

std::int64_t SqliteReader::count(const Search& search) {
    const auto statement = search_statement(search);
    return number(connection_.query("SELECT count(*) FROM resource r WHERE " + statement.condition,
                                    parameters_of(statement)));
}

std::vector<std::string> SqliteReader::values_of(const Version& resource, const std::string& parameter) {
    std::vector<std::string> values;
    auto rows = connection_.query("SELECT value FROM term WHERE resource = ? AND parameter = ?",
                                  {resource.number, parameter});
    while (rows.next()) values.push_back(rows.text(0));
    return values;
}

// `updated` never runs backwards and numbers have no gaps: the first change since a time bounds all of them,
// and halving finds it without an index that each save would have to write.
std::int64_t SqliteReader::first_change_since(Milliseconds since) {
    static const std::string updated = "SELECT updated FROM change WHERE number = ?";
    const auto last = last_change();
    if (since <= 0) return std::min<std::int64_t>(1, last);
    std::int64_t from = 1, until = last + 1;
    while (from < until) {
        const auto middle = from + (until - from) / 2;
        if (number(connection_.query(updated, {middle})) >= since)
            until = middle;
        else
            from = middle + 1;
    }
    return from > last ? 0 : from;
}

std::vector<Version> SqliteReader::history(const History& history) {
    const auto first = first_change_since(history.since);
    if (first == 0) return {};
    const std::int64_t before = history.before == 0 ? INT64_MAX : history.before;
    const auto count = static_cast<std::int64_t>(history.count);
    if (history.id.empty())
        return versions(connection_.query(version_columns +
                                              "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                              " WHERE c.type = ? AND c.number >= ? AND c.number < ?"
                                              " ORDER BY c.number DESC LIMIT ?",
                                          {history.type, first, before, count}));
    return versions(connection_.query(version_columns +
                                          "change c JOIN resource r ON r.type = c.type AND r.id = c.id"
                                          " WHERE c.type = ? AND c.id = ? AND c.number >= ? AND c.number < ?"
                                          " ORDER BY c.version DESC LIMIT ?",
                                      {history.type, history.id, first, before, count}));
}

std::vector<Change> SqliteReader::changes_after(std::int64_t change, std::size_t count) {
    std::vector<Change> changes;
    auto rows = connection_.query(
        "SELECT number, type, id, version FROM change WHERE number > ? ORDER BY number LIMIT ?",
        {change, static_cast<std::int64_t>(count)});
    while (rows.next()) changes.push_back({rows.number(0), rows.text(1), rows.text(2), rows.number(3)});
    return changes;
}

std::int64_t SqliteReader::last_change() {
    return number(connection_.query("SELECT max(number) FROM change"));
}

Milliseconds SqliteReader::last_updated() {
    return number(connection_.query("SELECT updated FROM change ORDER BY number DESC LIMIT 1"));
}

}  // namespace careplug::exchange
