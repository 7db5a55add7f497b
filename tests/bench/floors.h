// What the same work costs without us: the floors that benchmarks are compared with.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace careplug::bench {

// A process that echoes `answer_size` bytes for each request of `request_size` over a socket pair.
class SocketEcho {
public:
    SocketEcho(std::size_t request_size, std::size_t answer_size);
    ~SocketEcho();
    SocketEcho(const SocketEcho&) = delete;
    SocketEcho& operator=(const SocketEcho&) = delete;
    void round_trip();

private:
    int descriptor_ = -1;
    int child_ = -1;
    std::string request_;
    std::string answer_;
};

// SQLite as the exchange uses it (WAL, synchronous FULL), with nothing around it.
class RawSqlite {
public:
    explicit RawSqlite(const std::filesystem::path& file);
    ~RawSqlite();
    RawSqlite(const RawSqlite&) = delete;
    RawSqlite& operator=(const RawSqlite&) = delete;
    void commit(const std::string& body);  // one transaction with one row
    std::size_t read();                    // the last row

private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

}  // namespace careplug::bench
