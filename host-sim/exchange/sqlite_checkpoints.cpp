#include "sqlite_checkpoints.h"

namespace careplug::exchange {

namespace {

constexpr int enough_pages = 2000;  // 8 MB
// Under saves without a pause the log never starts anew while this thread alone works on it: a save that
// finds so many pages does it itself.
constexpr int too_many_pages = 32'000;

void checkpoint(sqlite3* database) {
    // One that fails, as on a full disk, loses nothing: the log keeps all of it, and the next one tries
    // again.
    sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

SqliteCheckpoints::SqliteCheckpoints(const std::string& file, SqliteConnection& writer)
    : connection_(file), writer_(writer) {
    sqlite3_wal_hook(writer_.handle(), &SqliteCheckpoints::committed, this);
    thread_ = std::thread([this] { run(); });
}

SqliteCheckpoints::~SqliteCheckpoints() {
    sqlite3_wal_hook(writer_.handle(), nullptr, nullptr);
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

int SqliteCheckpoints::committed(void* self, sqlite3* writer, const char*, int pages) {
    if (pages >= too_many_pages) {
        checkpoint(writer);
    } else if (pages >= enough_pages) {
        auto& checkpoints = *static_cast<SqliteCheckpoints*>(self);
        const std::lock_guard lock(checkpoints.mutex_);
        checkpoints.wanted_ = true;
        checkpoints.changed_.notify_all();
    }
    return SQLITE_OK;
}

void SqliteCheckpoints::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return wanted_ || stopped_; });
        if (stopped_) return;
        lock.unlock();
        checkpoint(connection_.handle());
        lock.lock();
        // What was committed meanwhile is left to the next commit to ask for.
        wanted_ = false;
    }
}

}  // namespace careplug::exchange
