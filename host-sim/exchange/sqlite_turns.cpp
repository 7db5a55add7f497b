#include "sqlite_turns.h"

#include <careplug/controls/controls.h>

#include "problem.h"

namespace careplug::exchange {

namespace {

// The first of a group waits for the work of all others.
constexpr int largest_group = 16;

}  // namespace

SqliteTurns::Turn::Turn(SqliteTurns& turns) : turns_(turns) {
    ++turns_.waiting_;
    lock_ = std::unique_lock(turns_.turn_);
    --turns_.waiting_;
    try {
        nested_ = turns_.group_ != nullptr;
        turns_.connection_.run(nested_ ? "SAVEPOINT turn" : "BEGIN IMMEDIATE");
        if (!nested_) turns_.group_ = std::make_shared<Group>();
    } catch (...) {
        undo();
        turns_.pass_on();
        throw;
    }
}

SqliteTurns::Turn::~Turn() {
    if (kept_) return;
    undo();
    turns_.pass_on();
}

void SqliteTurns::Turn::undo() noexcept {
    auto& connection = turns_.connection_;
    // SQLite rolls back by itself where the disk failed.
    if (!connection.in_transaction()) return;
    try {
        if (nested_) {
            connection.run("ROLLBACK TO turn");
            connection.run("RELEASE turn");
            return;
        }
    } catch (const std::exception&) {
        // Writes of this turn cannot be told from those of the others: all are undone.
    }
    try {
        connection.run(control::on("H4.whole-transaction") ? "ROLLBACK" : "COMMIT");
    } catch (const std::exception&) {
        // Only when SQLite rolled back by itself.
    }
}

void SqliteTurns::Turn::commit() {
    if (nested_) turns_.connection_.run("RELEASE turn");
    const auto group = turns_.group_;
    ++group->kept;
    kept_ = true;
    turns_.pass_on();
    lock_.unlock();
    std::unique_lock wait(turns_.ends_);
    turns_.ended_.wait(wait, [&] { return group->ended; });
    if (group->problem) std::rethrow_exception(group->problem);
}

void SqliteTurns::between(const std::function<void()>& work) {
    const std::lock_guard lock(turn_);
    if (group_) end_group();
    work();
}

void SqliteTurns::pass_on() noexcept {
    if (!group_) return;
    if (waiting_ == 0 || group_->kept >= largest_group || !connection_.in_transaction()) end_group();
}

void SqliteTurns::end_group() noexcept {
    const auto group = std::move(group_);
    std::exception_ptr problem;
    try {
        if (connection_.in_transaction())
            connection_.run("COMMIT");
        else
            throw Problem(503, "transient",
                          "The disk failed at another save that was to be committed with this one: nothing "
                          "was saved. Try again.");
    } catch (...) {
        problem = std::current_exception();
        try {
            if (connection_.in_transaction()) connection_.run("ROLLBACK");
        } catch (const std::exception&) {
            // SQLite rolled back by itself: nothing was written either way.
        }
    }
    const std::lock_guard lock(ends_);
    group->ended = true;
    group->problem = problem;
    ended_.notify_all();
}

}  // namespace careplug::exchange
