#include "bench/floors.h"

#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace careplug::bench {

namespace {

bool read_all(int descriptor, char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::read(descriptor, data, size);
        if (got <= 0) return false;
        data += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(int descriptor, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t put = ::write(descriptor, data, size);
        if (put <= 0) return false;
        data += put;
        size -= static_cast<std::size_t>(put);
    }
    return true;
}

void check(int code, sqlite3* database) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        throw std::runtime_error(sqlite3_errmsg(database));
}

}  // namespace

SocketEcho::SocketEcho(std::size_t request_size, std::size_t answer_size)
    : request_(request_size, 'q'), answer_(answer_size, 'a') {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        throw std::runtime_error("socketpair");
    child_ = ::fork();
    if (child_ == 0) {
        ::close(pair[0]);
        while (read_all(pair[1], request_.data(), request_.size()) &&
               write_all(pair[1], answer_.data(), answer_.size())) {
        }
        ::_exit(0);
    }
    ::close(pair[1]);
    descriptor_ = pair[0];
}

SocketEcho::~SocketEcho() {
    ::close(descriptor_);
    ::waitpid(child_, nullptr, 0);
}

void SocketEcho::round_trip() {
    if (!write_all(descriptor_, request_.data(), request_.size()) ||
        !read_all(descriptor_, answer_.data(), answer_.size()))
        throw std::runtime_error("the echo process ended");
}

struct RawSqlite::Handles {
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    sqlite3_stmt* select = nullptr;
};

RawSqlite::RawSqlite(const std::filesystem::path& file) : handles_(std::make_unique<Handles>()) {
    sqlite3*& database = handles_->database;
    check(sqlite3_open(file.c_str(), &database), database);
    check(sqlite3_exec(database,
                       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "CREATE TABLE body(id INTEGER PRIMARY KEY, text TEXT)",
                       nullptr, nullptr, nullptr),
          database);
    check(sqlite3_prepare_v2(database, "INSERT INTO body(text) VALUES(?)", -1, &handles_->insert, nullptr),
          database);
    check(sqlite3_prepare_v2(database, "SELECT text FROM body ORDER BY id DESC LIMIT 1", -1,
                             &handles_->select, nullptr),
          database);
}

RawSqlite::~RawSqlite() {
    sqlite3_finalize(handles_->insert);
    sqlite3_finalize(handles_->select);
    sqlite3_close(handles_->database);
}

void RawSqlite::commit(const std::string& body) {
    sqlite3_reset(handles_->insert);
    check(sqlite3_bind_text(handles_->insert, 1, body.data(), static_cast<int>(body.size()), nullptr),
          handles_->database);
    check(sqlite3_step(handles_->insert), handles_->database);
}

std::size_t RawSqlite::read() {
    sqlite3_reset(handles_->select);
    check(sqlite3_step(handles_->select), handles_->database);
    return static_cast<std::size_t>(sqlite3_column_bytes(handles_->select, 0));
}

}  // namespace careplug::bench
