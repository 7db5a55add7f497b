// What the engine keeps on disk: drafts, changes not yet sent, how they ended, and what was last known.
// SQLite in WAL mode with synchronous=FULL: what returned is on disk. Owners and subjects are keyed hashes,
// bodies are sealed, so the files tell nothing about anybody.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sealer.h"

namespace careplug::engine {

class Database;

// The disk is full or the folder is not writable: the sentence says what to do.
class StoreFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Drawer { draft, outbox, outcome, last_known, filing };

struct Place {
    Drawer drawer = Drawer::draft;
    std::string owner;    // an author or an audience
    std::string subject;  // a patient
    std::string name;     // no identity: a kind of document or a random id
};

struct Kept {
    std::string name;
    std::string body;
    std::int64_t at = 0;
};

class Store {
public:
    Store(const std::string& folder, const Sealer& sealer);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    void put(const Place& place, std::string_view body, std::int64_t at);
    // Only where what lies there is of the time `seen` (0: nothing), so that nothing unseen is replaced.
    bool put_over(const Place& place, std::string_view body, std::int64_t at, std::int64_t seen);
    // Puts one and removes the other, or does neither.
    void put_instead(const Place& place, std::string_view body, std::int64_t at, const Place& removed);
    void put_instead(const std::vector<std::pair<Place, Kept>>& entries, const Place& removed);
    // Only where what lies in `where` is of the time `seen` (0: nothing).
    bool put_instead_over(const std::vector<std::pair<Place, Kept>>& entries, const Place& removed,
                          const Place& where, std::int64_t seen);
    // Everything in this drawer that is older.
    void forget_before(Drawer drawer, std::int64_t at);
    // All or nothing, in one write to disk.
    void put_all(const std::vector<std::pair<Place, Kept>>& entries);
    std::optional<Kept> get(const Place& place);
    void remove(const Place& place);
    // Of every owner.
    void remove_all(Drawer drawer, const std::string& subject, const std::string& name);
    // Of every owner, where the name fits the pattern: its body becomes what `change` makes of it; its time
    // stays.
    using BodyChange = std::function<std::string(const std::string&)>;
    void rewrite_all(Drawer drawer, const std::string& subject, const std::string& pattern,
                     const BodyChange& change);
    // Nothing that was removed or replaced is left in the files.
    void leave_no_trace();
    // Everything of this owner in a drawer, oldest first.
    std::vector<Kept> list(Drawer drawer, const std::string& owner);
    // What lies in this drawer of one subject, where the name fits the pattern ("note-*"), oldest first.
    std::vector<Kept> find(Drawer drawer, const std::string& owner, const std::string& subject,
                           const std::string& pattern);

private:
    std::mutex mutex_;
    const Sealer& sealer_;
    std::unique_ptr<Database> database_;
    std::map<std::string, std::unique_ptr<const Sealer>> sealers_;  // by owner
    std::int64_t lies_since(const Place& place);
    const Sealer& sealer_of(const std::string& owner);
    void insert(const Place& place, std::string_view body, std::int64_t at);
    void erase(const Place& place);
};

}  // namespace careplug::engine
