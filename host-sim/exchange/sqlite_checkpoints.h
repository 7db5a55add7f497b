// Moves what was committed from the write-ahead log into the database, on a thread of its own, so that no
// save waits for it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "sqlite_connection.h"
#include "sqlite_turns.h"

namespace careplug::exchange {

class SqliteCheckpoints {
public:
    // Watches the commits of `writer`, whose turns these are.
    SqliteCheckpoints(const std::string& file, SqliteConnection& writer, SqliteTurns& turns);
    ~SqliteCheckpoints();
    SqliteCheckpoints(const SqliteCheckpoints&) = delete;
    SqliteCheckpoints& operator=(const SqliteCheckpoints&) = delete;

private:
    static int committed(void* self, sqlite3* writer, const char* database, int pages);
    void run();
    void checkpoint();

    SqliteConnection connection_;
    SqliteConnection& writer_;
    SqliteTurns& turns_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace careplug::exchange
