#include "sqlite_turns.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <thread>

#include "problem.h"
#include "support/process.h"

using namespace careplug::exchange;

namespace {

struct Database {
    Database()
        : file((folder.path() / "turns.db").string()), connection(file), reader(file), turns(connection) {
        connection.run("CREATE TABLE saved (name TEXT PRIMARY KEY)");
    }

    std::int64_t visible() {
        auto rows = reader.query("SELECT count(*) FROM saved");
        return rows.next() ? rows.number(0) : -1;
    }

    void write(const std::string& name) { connection.run("INSERT INTO saved VALUES (?)", {name}); }

    careplug::test::TemporaryFolder folder;
    std::string file;
    SqliteConnection connection;
    SqliteConnection reader;
    SqliteTurns turns;
};

// Another writer, which waits for the turn that this thread has, and joins its group.
std::future<void> waiting_writer(Database& database, const std::function<void(SqliteTurns::Turn&)>& work) {
    const auto waiting = database.turns.waiting();
    auto done = std::async(std::launch::async, [&database, work] {
        SqliteTurns::Turn turn(database.turns);
        work(turn);
    });
    while (database.turns.waiting() == waiting) std::this_thread::yield();
    return done;
}

}  // namespace

TEST_CASE("Saves that wait for each other are committed together, and none is acknowledged before") {
    Database database;
    std::atomic<bool> first_acknowledged = false;
    std::int64_t visible_before = -1;
    bool acknowledged_before = true;
    auto first = std::make_unique<SqliteTurns::Turn>(database.turns);
    database.write("first");
    auto second = waiting_writer(database, [&](SqliteTurns::Turn& turn) {
        // The first asked for its commit and waits for this one.
        visible_before = database.visible();
        acknowledged_before = first_acknowledged;
        database.write("second");
        turn.commit();
    });
    first->commit();
    first_acknowledged = true;
    CHECK(database.visible() == 2);
    second.get();
    CHECK(visible_before == 0);
    CHECK_FALSE(acknowledged_before);
}

TEST_CASE("A save that is refused undoes itself and nothing of those committed with it") {
    Database database;
    auto first = std::make_unique<SqliteTurns::Turn>(database.turns);
    database.write("first");
    auto refused = waiting_writer(database, [&](SqliteTurns::Turn&) {
        database.write("refused");
        throw Problem(422, "business-rule", "refused");
    });
    auto third = waiting_writer(database, [&](SqliteTurns::Turn& turn) {
        database.write("third");
        turn.commit();
    });
    first->commit();
    CHECK_THROWS_AS(refused.get(), Problem);
    third.get();
    CHECK(database.visible() == 2);
    auto rows = database.reader.query("SELECT count(*) FROM saved WHERE name = 'refused'");
    REQUIRE(rows.next());
    CHECK(rows.number(0) == 0);
}

TEST_CASE("H4: when the whole group is undone, nobody in it is told that it was saved") {
    Database database;
    auto first = std::make_unique<SqliteTurns::Turn>(database.turns);
    database.write("first");
    auto second = waiting_writer(database, [&](SqliteTurns::Turn&) {
        database.write("second");
        // What SQLite does by itself when the disk fails.
        database.connection.run("ROLLBACK");
        throw Problem(507, "no-store", "the disk failed");
    });
    CHECK_THROWS_AS(first->commit(), Problem);
    CHECK_THROWS_AS(second.get(), Problem);
    CHECK(database.visible() == 0);
    SqliteTurns::Turn after(database.turns);
    database.write("after");
    after.commit();
    CHECK(database.visible() == 1);
}

TEST_CASE("Work between turns waits for none that asked for a commit") {
    Database database;
    SqliteTurns::Turn turn(database.turns);
    database.write("first");
    auto between = std::async(std::launch::async, [&] {
        std::int64_t seen = -1;
        database.turns.between([&] { seen = database.visible(); });
        return seen;
    });
    turn.commit();
    CHECK(between.get() <= 1);
    database.turns.between([&] { CHECK(database.visible() == 1); });
}
