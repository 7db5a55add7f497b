#include "store/audit_log.h"

#include <Poco/Data/LOB.h>
#include <Poco/Data/SQLite/Connector.h>

#include "store/database.h"
#include "store/store.h"
#include "store/whole_or_nothing.h"

namespace careplug::engine {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::BLOB;

// Where the chain begins: the last row that was trimmed, or what stands before the first.
struct Beginning {
    std::int64_t sequence = 0;
    std::string chain;
};

Beginning beginning(Poco::Data::Session& session) {
    Beginning found;
    Poco::Int64 sequence = 0;
    session << "SELECT sequence, chain FROM audit_beginning", into(sequence), into(found.chain), now;
    found.sequence = sequence;
    return found;
}

Beginning last_of(Poco::Data::Session& session, const Beginning& beginning) {
    std::vector<Poco::Int64> sequences;
    std::vector<std::string> chains;
    session << "SELECT sequence, chain FROM audit_log ORDER BY sequence DESC LIMIT 1", into(sequences),
        into(chains), now;
    return sequences.empty() ? beginning : Beginning{sequences.front(), chains.front()};
}

std::string words_of(const Beginning& row) {
    return std::to_string(row.sequence) + "|" + row.chain;
}

// Of a log that says where it begins and ends. The id is part of every seal and hash.
constexpr std::string_view with_ends = "ends-";

}  // namespace

AuditLog::AuditLog(const std::string& folder, const Sealer& sealer)
    : sealer_(sealer), database_(std::make_unique<Database>(folder, "Nothing was recorded")) {
    database_->guarded([&] {
        WholeOrNothing all(database_->session());
        database_->session()
            << "CREATE TABLE IF NOT EXISTS audit_log (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL, "
               "chain TEXT NOT NULL, at INTEGER NOT NULL, sent INTEGER NOT NULL)",
            now;
        database_->session()
            << "CREATE INDEX IF NOT EXISTS audit_not_sent ON audit_log (sequence) WHERE sent = 0",
            now;
        database_->session()
            << "CREATE TABLE IF NOT EXISTS audit_beginning (id TEXT NOT NULL, sequence INTEGER NOT NULL, "
               "chain TEXT NOT NULL)",
            now;
        std::vector<std::string> ids;
        database_->session() << "SELECT id FROM audit_beginning", into(ids), now;
        const bool made = ids.empty();
        if (made) {
            ids.push_back(std::string(with_ends) + random_uuid());
            std::string chain = sealer_.lookup("audit|" + ids.front());
            database_->session() << "INSERT INTO audit_beginning (id, sequence, chain) VALUES (?, 0, ?)",
                use(ids.front()), use(chain), now;
        }
        id_ = ids.front();
        database_->session() << "CREATE TABLE IF NOT EXISTS audit_ends (hash TEXT NOT NULL)", now;
        if (made) {
            const std::string empty = words_of(beginning(database_->session()));
            seal_ends(empty, empty);
        }
        all.commit();
    });
}

AuditLog::~AuditLog() = default;

std::string AuditLog::place(std::int64_t sequence) const {
    return "audit_log|" + id_ + "|" + std::to_string(sequence) + "|body|1";
}

std::string AuditLog::chained(std::int64_t sequence, const std::string& before, std::string_view body) const {
    return sealer_.lookup("audit|" + id_ + "|" + std::to_string(sequence) + "|" + before + "|" +
                          std::string(body));
}

std::string AuditLog::ends(const std::string& first, const std::string& last) const {
    return sealer_.lookup("audit-ends|" + id_ + "|" + first + "|" + last);
}

// Rows that are taken from the beginning or the end break no chain: where both lie is hashed as well.
void AuditLog::seal_ends(const std::string& first, const std::string& last) {
    if (!id_.starts_with(with_ends)) return;
    std::string hash = ends(first, last);
    database_->session() << "DELETE FROM audit_ends", now;
    database_->session() << "INSERT INTO audit_ends (hash) VALUES (?)", use(hash), now;
}

void AuditLog::append(std::string_view body, std::int64_t at) {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] {
        // Another engine may have the same store.
        WholeOrNothing all(database_->session());
        const Beginning first = beginning(database_->session());
        const Beginning last = last_of(database_->session(), first);
        Poco::Int64 sequence = last.sequence + 1;
        std::string chain = chained(sequence, last.chain, body);
        const std::string sealed = sealer_.seal(body, place(sequence));
        BLOB blob(reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size());
        Poco::Int64 when = at;
        database_->session()
            << "INSERT INTO audit_log (sequence, body, chain, at, sent) VALUES (?, ?, ?, ?, 0)",
            use(sequence), use(blob), use(chain), use(when), now;
        seal_ends(words_of(first), words_of({sequence, chain}));
        all.commit();
    });
}

std::vector<AuditRow> AuditLog::rows(const std::string& where, std::vector<std::string>* chains) {
    std::vector<Poco::Int64> sequences, times, sent;
    std::vector<BLOB> bodies;
    std::vector<std::string> found;
    database_->guarded([&] {
        database_->session() << "SELECT sequence, body, chain, at, sent FROM audit_log " + where,
            into(sequences), into(bodies), into(found), into(times), into(sent), now;
    });
    std::vector<AuditRow> list;
    for (std::size_t at = 0; at < bodies.size(); ++at) {
        const std::string_view sealed(reinterpret_cast<const char*>(bodies[at].rawContent()),
                                      bodies[at].size());
        AuditRow row{sequences[at], {}, times[at], sent[at] != 0};
        try {
            row.body = sealer_.open(sealed, place(row.sequence));
        } catch (const SealBroken&) {
            // An empty body: no row is written with one, so its chain breaks here.
        }
        list.push_back(std::move(row));
    }
    if (chains != nullptr) *chains = std::move(found);
    return list;
}

std::vector<AuditRow> AuditLog::not_sent(std::size_t most, std::int64_t after) {
    const std::lock_guard lock(mutex_);
    return rows("WHERE sent = 0 AND sequence > " + std::to_string(after) + " ORDER BY sequence LIMIT " +
                    std::to_string(most),
                nullptr);
}

void AuditLog::confirm(std::int64_t sequence) {
    const std::lock_guard lock(mutex_);
    Poco::Int64 which = sequence;
    database_->guarded(
        [&] { database_->session() << "UPDATE audit_log SET sent = 1 WHERE sequence = ?", use(which), now; });
}

void AuditLog::trim(std::int64_t before) {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] {
        WholeOrNothing all(database_->session());
        Poco::Int64 when = before;
        std::vector<Poco::Int64> kept;
        database_->session()
            << "SELECT sequence FROM audit_log WHERE sent = 0 OR at >= ? ORDER BY sequence LIMIT 1",
            into(kept), use(when), now;
        // The chain goes on from the last that goes.
        std::vector<Poco::Int64> last;
        std::vector<std::string> chains;
        const std::string end = kept.empty() ? "" : " WHERE sequence < " + std::to_string(kept.front());
        database_->session() << "SELECT sequence, chain FROM audit_log" + end +
                                    " ORDER BY sequence DESC LIMIT 1",
            into(last), into(chains), now;
        if (last.empty()) return;
        database_->session() << "UPDATE audit_beginning SET sequence = ?, chain = ?", use(last.front()),
            use(chains.front()), now;
        database_->session() << "DELETE FROM audit_log" + end, now;
        const Beginning first{last.front(), chains.front()};
        seal_ends(words_of(first), words_of(last_of(database_->session(), first)));
        all.commit();
    });
}

std::string AuditLog::broken() {
    const std::lock_guard lock(mutex_);
    Beginning before;
    std::vector<std::string> hashes;
    database_->guarded([&] {
        before = beginning(database_->session());
        database_->session() << "SELECT hash FROM audit_ends", into(hashes), now;
    });
    const std::string first = words_of(before);
    if (before.sequence == 0 && before.chain != sealer_.lookup("audit|" + id_))
        return "the beginning of this computer's audit log was changed";
    std::vector<std::string> chains;
    const auto all = rows("ORDER BY sequence", &chains);
    for (std::size_t at = 0; at < all.size(); ++at) {
        const AuditRow& row = all[at];
        if (row.sequence != before.sequence + 1)
            return "entries after number " + std::to_string(before.sequence) +
                   " of this computer's audit log were taken out";
        if (chained(row.sequence, before.chain, row.body) != chains[at])
            return "entry " + std::to_string(row.sequence) + " of this computer's audit log was changed";
        before = {row.sequence, chains[at]};
    }
    if (id_.starts_with(with_ends) && (hashes.size() != 1 || hashes.front() != ends(first, words_of(before))))
        return "entries at the beginning or the end of this computer's audit log were taken out";
    return {};
}

}  // namespace careplug::engine
