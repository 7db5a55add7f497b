// One connection to SQLite with its prepared statements, each compiled once.
#pragma once

#include <Poco/Data/Session.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace careplug::exchange {

using Parameter = std::variant<std::string, std::int64_t>;
// Every column as text: the reader knows which are numbers.
using Row = std::vector<std::string>;

class SqliteConnection {
public:
    // Opens or makes the file; WAL, synchronous FULL: a commit that returned is on disk.
    explicit SqliteConnection(const std::string& file);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    void run(const std::string& sql, std::vector<Parameter> parameters = {});
    std::vector<Row> rows(const std::string& sql, std::size_t columns,
                          std::vector<Parameter> parameters = {});

private:
    struct Prepared;
    Prepared& prepared(const std::string& sql, std::size_t columns, std::vector<Parameter>& parameters);

    Poco::Data::Session session_;
    std::map<std::string, std::unique_ptr<Prepared>> statements_;
};

}  // namespace careplug::exchange
