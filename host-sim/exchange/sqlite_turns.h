// Writers take turns on one connection. Those that wait for each other are committed together: one sync of
// the disk makes all of them durable, and none is acknowledged before it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "sqlite_connection.h"

namespace careplug::exchange {

class SqliteTurns {
public:
    explicit SqliteTurns(SqliteConnection& connection) : connection_(connection) {}

    // Turns that wait for the one that is taken.
    int waiting() const { return waiting_; }
    // While no turn is taken and nothing waits for a commit.
    void between(const std::function<void()>& work);

    class Turn {
    public:
        // Waits for the turns before it, whose writes it sees: it is committed with them or after them.
        explicit Turn(SqliteTurns& turns);
        // Without commit(), what was written in this turn is undone, and nothing else.
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        // Durable when it returns. Throws Problem when nothing was saved.
        void commit();

    private:
        void undo() noexcept;

        SqliteTurns& turns_;
        std::unique_lock<std::mutex> lock_;
        bool nested_ = false;
        bool kept_ = false;
    };

private:
    // Turns that are committed together.
    struct Group {
        int kept = 0;  // turns that asked for the commit
        bool ended = false;
        std::exception_ptr problem;
    };
    // At the end of each turn: ends the group unless another turn waits to join it.
    void pass_on() noexcept;
    void end_group() noexcept;

    SqliteConnection& connection_;
    std::atomic<int> waiting_ = 0;
    std::mutex turn_;
    std::shared_ptr<Group> group_;  // whose SQL transaction is open; of the one whose turn it is
    std::mutex ends_;
    std::condition_variable ended_;
};

}  // namespace careplug::exchange
