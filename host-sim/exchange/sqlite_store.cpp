#include "sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>

#include "problem.h"
#include "sqlite_schema.h"
#include "sqlite_view.h"

namespace careplug::exchange {

namespace {

constexpr std::size_t kept_readers = 32;

class ReaderPool {
public:
    explicit ReaderPool(std::string file) : file_(std::move(file)) {}

    std::unique_ptr<SqliteConnection> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                auto connection = std::move(idle_.back());
                idle_.pop_back();
                return connection;
            }
        }
        return std::make_unique<SqliteConnection>(file_);
    }

    void give_back(std::unique_ptr<SqliteConnection> connection) {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < kept_readers) idle_.push_back(std::move(connection));
    }

private:
    std::string file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<SqliteConnection>> idle_;
};

// The same reading for views and transactions.
template <class Base>
class Reading : public Base {
public:
    explicit Reading(SqliteConnection& connection) : reader_(connection) {}
    std::optional<Version> read(const std::string& type, const std::string& id) override {
        return reader_.read(type, id);
    }
    std::optional<Version> read(const std::string& type, const std::string& id,
                                std::int64_t version) override {
        return reader_.read(type, id, version);
    }
    std::vector<Version> search(const Search& search) override { return reader_.search(search); }
    std::int64_t count(const Search& search) override { return reader_.count(search); }
    std::vector<std::string> values_of(const Version& resource, const std::string& parameter) override {
        return reader_.values_of(resource, parameter);
    }
    std::vector<Version> history(const History& history) override { return reader_.history(history); }
    std::vector<Change> changes_after(std::int64_t change, std::size_t count) override {
        return reader_.changes_after(change, count);
    }
    std::int64_t last_change() override { return reader_.last_change(); }

protected:
    SqliteReader reader_;
};

class SqliteView final : public Reading<View> {
public:
    SqliteView(ReaderPool& pool, std::unique_ptr<SqliteConnection> connection)
        : Reading(*connection), pool_(pool), connection_(std::move(connection)) {
        connection_->run("BEGIN");
    }
    ~SqliteView() override {
        try {
            connection_->run("COMMIT");
            pool_.give_back(std::move(connection_));
        } catch (const std::exception&) {
            connection_.reset();  // a broken connection is not used again
        }
    }

private:
    ReaderPool& pool_;
    std::unique_ptr<SqliteConnection> connection_;
};

class SqliteTransaction final : public Reading<Transaction> {
public:
    SqliteTransaction(SqliteConnection& connection, std::unique_lock<std::mutex> lock)
        : Reading(connection), connection_(connection), lock_(std::move(lock)) {
        connection_.run("BEGIN IMMEDIATE");
        const auto clock = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
        now_ = std::max<Milliseconds>(clock, reader_.last_updated());
    }
    ~SqliteTransaction() override {
        if (committed_) return;
        try {
            connection_.run("ROLLBACK");
        } catch (const std::exception&) {
            // SQLite rolled back by itself: nothing was written either way.
        }
    }

    Version put(const std::string& type, const std::string& id, std::int64_t version,
                const std::string& author, const std::string& body, const std::vector<Term>& terms) override;
    Milliseconds now() const override { return now_; }
    void commit() override {
        connection_.run("COMMIT");
        committed_ = true;
    }

private:
    SqliteConnection& connection_;
    std::unique_lock<std::mutex> lock_;
    Milliseconds now_ = 0;
    bool committed_ = false;
};

Version SqliteTransaction::put(const std::string& type, const std::string& id, std::int64_t version,
                               const std::string& author, const std::string& body,
                               const std::vector<Term>& terms) {
    Version made;
    made.type = type;
    made.id = id;
    made.version = version;
    made.updated = now_;
    made.author = author;
    made.body = body;
    made.change = std::stoll(connection_
                                 .rows("INSERT INTO change (type, id, version, updated, author, body)"
                                       " VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
                                       1, {type, id, version, now_, author, body})
                                 .at(0)
                                 .at(0));
    made.number =
        std::stoll(connection_
                       .rows("INSERT INTO resource (type, id, version, updated, change)"
                             " VALUES (?, ?, ?, ?, ?) ON CONFLICT (type, id) DO UPDATE SET version ="
                             " excluded.version, updated = excluded.updated, change = excluded.change"
                             " RETURNING number",
                             1, {type, id, version, now_, made.change})
                       .at(0)
                       .at(0));
    if (version > 1) connection_.run("DELETE FROM term WHERE resource = ?", {made.number});
    for (const auto& term : std::set<Term>(terms.begin(), terms.end()))
        connection_.run("INSERT INTO term (parameter, value, system, resource) VALUES (?, ?, ?, ?)",
                        {term.parameter, term.value, term.system, made.number});
    return made;
}

class SqliteStore final : public Store {
public:
    SqliteStore(const std::filesystem::path& folder, int lock)
        : lock_(lock),
          readers_((folder / "exchange.db").string()),
          writer_((folder / "exchange.db").string()) {
        prepare_schema(writer_);
    }
    ~SqliteStore() override { ::close(lock_); }

    std::unique_ptr<View> view() override { return std::make_unique<SqliteView>(readers_, readers_.take()); }
    std::unique_ptr<Transaction> begin() override {
        return std::make_unique<SqliteTransaction>(writer_, std::unique_lock(writing_));
    }

private:
    int lock_;
    ReaderPool readers_;
    std::mutex writing_;
    SqliteConnection writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const std::string name = folder.string();
    const int lock = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        throw StartProblem(
            "The data folder " + name +
            " cannot be written: give this user the right to write there, or name another with --data.");
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        throw StartProblem("Another careplug-exchange uses the data folder " + name +
                           ": stop it, or name another folder with --data.");
    }
    try {
        return std::make_unique<SqliteStore>(folder, lock);
    } catch (const StartProblem&) {
        ::close(lock);
        throw;
    } catch (const std::exception& problem) {
        ::close(lock);
        throw StartProblem("The database in " + name + " cannot be used (" + problem.what() +
                           "): free space on the disk, check the folder, or name another with --data.");
    }
}

}  // namespace careplug::exchange
