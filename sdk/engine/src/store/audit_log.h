// Who looked at what on this computer, on disk before it is shown: appended, sealed, and chained by keyed
// hashes, so that a row that was changed, moved or taken out is seen. What the exchange has confirmed and is
// old goes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/sealer.h"

namespace careplug::engine {

class Database;

struct AuditRow {
    std::int64_t sequence = 0;
    std::string body;
    std::int64_t at = 0;
    bool sent = false;
};

class AuditLog {
public:
    // Of the store in this folder, which is open already.
    AuditLog(const std::string& folder, const Sealer& sealer);
    ~AuditLog();
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

    // On disk when it returns. Throws StoreFailure.
    void append(std::string_view body, std::int64_t at);
    // Oldest first, no more than so many of those after this one.
    std::vector<AuditRow> not_sent(std::size_t most, std::int64_t after = 0);
    void confirm(std::int64_t sequence);
    // What was confirmed and is older, from the beginning on; never what waits.
    void trim(std::int64_t before);
    // Where the chain breaks, as a sentence; empty where it holds.
    std::string broken();
    // Names this log among those of other computers.
    const std::string& id() const { return id_; }

private:
    std::mutex mutex_;
    const Sealer& sealer_;
    std::string id_;
    std::unique_ptr<Database> database_;

    std::string place(std::int64_t sequence) const;
    std::string ends(const std::string& first, const std::string& last) const;
    void seal_ends(const std::string& first, const std::string& last);
    std::string chained(std::int64_t sequence, const std::string& before, std::string_view body) const;
    std::vector<AuditRow> rows(const std::string& where, std::vector<std::string>* chains);
};

}  // namespace careplug::engine
