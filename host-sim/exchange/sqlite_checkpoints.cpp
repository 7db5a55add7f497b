#include "sqlite_checkpoints.h"

namespace careplug::exchange {

namespace {

constexpr int enough_pages = 2000;  // 8 MB

}  // namespace

SqliteCheckpoints::SqliteCheckpoints(const std::string& file, SqliteConnection& writer, SqliteTurns& turns)
    : connection_(file), writer_(writer), turns_(turns) {
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

int SqliteCheckpoints::committed(void* self, sqlite3*, const char*, int pages) {
    if (pages < enough_pages) return SQLITE_OK;
    auto& checkpoints = *static_cast<SqliteCheckpoints*>(self);
    const std::lock_guard lock(checkpoints.mutex_);
    checkpoints.wanted_ = true;
    checkpoints.changed_.notify_all();
    return SQLITE_OK;
}

void SqliteCheckpoints::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return wanted_ || stopped_; });
        if (stopped_) return;
        wanted_ = false;
        lock.unlock();
        checkpoint();
        // The few pages of commits during the first: when all are moved the log starts anew in the space that
        // it has, and neither grows nor costs a save the time to grow it.
        turns_.between([this] { checkpoint(); });
        lock.lock();
    }
}

// One that fails, as on a full disk, loses nothing: the log keeps all of it, and the next one tries again.
void SqliteCheckpoints::checkpoint() {
    sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace careplug::exchange
