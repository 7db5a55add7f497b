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
#include "sqlite_checkpoints.h"
#include "sqlite_schema.h"
#include "sqlite_turns.h"
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
    SqliteTransaction(SqliteConnection& connection, SqliteTurns& turns)
        : Reading(connection), connection_(connection), turn_(turns) {
        const auto clock = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
        now_ = std::max<Milliseconds>(clock, reader_.last_updated());
    }

    Version put(const std::string& type, const std::string& id, std::int64_t version,
                const std::string& author, const std::string& body, const std::vector<Term>& terms) override;
    Milliseconds now() const override { return now_; }
    void commit() override { turn_.commit(); }

private:
    void put_terms(std::int64_t resource, std::set<Term> terms, bool is_new);

    SqliteConnection& connection_;
    SqliteTurns::Turn turn_;
    Milliseconds now_ = 0;
};

Version SqliteTransaction::put(const std::string& type, const std::string& id, std::int64_t version,
                               const std::string& author, const std::string& body,
                               const std::vector<Term>& terms) {
    static const std::string add_change =
        "INSERT INTO change (type, id, version, updated, author, body) VALUES (?, ?, ?, ?, ?, ?)";
    static const std::string add_resource =
        "INSERT INTO resource (type, id, version, updated, change) VALUES (?, ?, ?, ?, ?)";
    static const std::string move_resource =
        "UPDATE resource SET version = ?, updated = ?, change = ? WHERE type = ? AND id = ?";
    static const std::string find_resource = "SELECT number FROM resource WHERE type = ? AND id = ?";
    Version made;
    made.type = type;
    made.id = id;
    made.version = version;
    made.updated = now_;
    made.author = author;
    made.body = body;
    connection_.run(add_change, {type, id, version, now_, author, body});
    made.change = sqlite3_last_insert_rowid(connection_.handle());
    if (version == 1) {
        connection_.run(add_resource, {type, id, version, now_, made.change});
        made.number = sqlite3_last_insert_rowid(connection_.handle());
    } else {
        connection_.run(move_resource, {version, now_, made.change, type, id});
        auto rows = connection_.query(find_resource, {type, id});
        if (!rows.next()) throw Problem(500, "exception", "The database lost the resource to update.");
        made.number = rows.number(0);
    }
    put_terms(made.number, {terms.begin(), terms.end()}, version == 1);
    return made;
}

// Of most resources no term changes from one version to the next.
void SqliteTransaction::put_terms(std::int64_t resource, std::set<Term> terms, bool is_new) {
    static const std::string present = "SELECT parameter, system, value FROM term WHERE resource = ?";
    static const std::string remove =
        "DELETE FROM term WHERE parameter = ? AND value = ? AND system = ? AND resource = ?";
    static const std::string add =
        "INSERT INTO term (parameter, value, system, resource) VALUES (?, ?, ?, ?)";
    std::vector<Term> gone;
    if (!is_new) {
        auto rows = connection_.query(present, {resource});
        while (rows.next())
            if (Term term{rows.text(0), rows.text(1), rows.text(2)}; terms.erase(term) == 0)
                gone.push_back(std::move(term));
    }
    for (const auto& term : gone)
        connection_.run(remove, {term.parameter, term.value, term.system, resource});
    for (const auto& term : terms) connection_.run(add, {term.parameter, term.value, term.system, resource});
}

class SqliteStore final : public Store {
public:
    SqliteStore(const std::filesystem::path& folder, int lock)
        : lock_(lock),
          readers_((folder / "exchange.db").string()),
          writer_((folder / "exchange.db").string()),
          turns_(writer_),
          checkpoints_((folder / "exchange.db").string(), writer_, turns_) {
        prepare_schema(writer_);
    }
    ~SqliteStore() override { ::close(lock_); }

    std::unique_ptr<View> view() override { return std::make_unique<SqliteView>(readers_, readers_.take()); }
    std::unique_ptr<Transaction> begin() override {
        return std::make_unique<SqliteTransaction>(writer_, turns_);
    }

private:
    int lock_;
    ReaderPool readers_;
    SqliteConnection writer_;
    SqliteTurns turns_;
    SqliteCheckpoints checkpoints_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& folder) {
    // SQLite's count of its own memory costs a lock at each allocation, and nobody asks for it.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
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
