#include "store/store.h"

#include <Poco/Data/LOB.h>
#include <Poco/Data/SQLite/Connector.h>
#include <careplug/controls/controls.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "store/database.h"
#include "store/whole_or_nothing.h"

namespace careplug::engine {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::BLOB;

std::string table(Drawer drawer) {
    switch (drawer) {
        case Drawer::draft:
            return "draft";
        case Drawer::outbox:
            return "outbox";
        case Drawer::outcome:
            return "outcome";
        case Drawer::last_known:
            return "last_known";
        case Drawer::filing:
            return "filing";
    }
    return "last_known";
}

// The row and column a value lies in, and the version of its form.
std::string seal_place(Drawer drawer, const std::string& owner, const std::string& subject,
                       const std::string& name) {
    return table(drawer) + "|" + owner + "|" + subject + "|" + name + "|body|1";
}

void prepare_folder(const std::string& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
        throw StoreFailure("The store folder " + folder +
                           " cannot be created: ask the administrator to create it.");
    if (facts.st_uid == ::geteuid() && (facts.st_mode & 0077) != 0) ::chmod(folder.c_str(), 0700);
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        throw StoreFailure("The store folder " + folder +
                           " is not writable: ask the administrator to allow it.");
}

// The form of the tables. What was written before forms were counted has form 0, and is of form 1.
constexpr int this_form = 1;

int form_of(Poco::Data::Session& session) {
    int form = 0;
    session << "PRAGMA user_version", into(form), now;
    return form;
}

void require_known_form(Poco::Data::Session& session, const std::string& folder) {
    if (form_of(session) > this_form && control::on("H4.store-of-later-release"))
        throw StoreFailure(
            "The store folder " + folder +
            " was last used by a later release of Careplug. Nothing in it was changed: ask the "
            "administrator to install that release again, or a later one.");
}

void take_form(Poco::Data::Session& session) {
    if (form_of(session) < this_form) session << "PRAGMA user_version=" + std::to_string(this_form), now;
}

}  // namespace

Store::Store(const std::string& folder, const Sealer& sealer) : sealer_(sealer) {
    prepare_folder(folder);
    Poco::Data::SQLite::Connector::registerConnector();
    database_ = std::make_unique<Database>(folder, "Nothing was saved");
    database_->guarded([&] {
        require_known_form(database_->session(), folder);
        database_->session() << "PRAGMA journal_mode=WAL", now;
        for (const Drawer drawer :
             {Drawer::draft, Drawer::outbox, Drawer::outcome, Drawer::last_known, Drawer::filing})
            database_->session()
                << "CREATE TABLE IF NOT EXISTS " + table(drawer) +
                       " (owner TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL, body BLOB "
                       "NOT NULL, "
                       "at INTEGER NOT NULL, PRIMARY KEY (owner, subject, name))",
                now;
        take_form(database_->session());
    });
}

Store::~Store() = default;

const Sealer& Store::sealer_of(const std::string& owner) {
    auto& sealer = sealers_[owner];
    if (!sealer) sealer = std::make_unique<const Sealer>(sealer_, owner);
    return *sealer;
}

void Store::insert(const Place& place, std::string_view body, std::int64_t at) {
    std::string owner = sealer_.lookup(place.owner);
    std::string subject = sealer_.lookup(place.subject);
    std::string name = place.name;
    const std::string sealed = sealer_of(owner).seal(body, seal_place(place.drawer, owner, subject, name));
    BLOB blob(reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size());
    Poco::Int64 when = at;
    // A row that is there is written over in its place: fewer pages than to remove it and add another.
    database_->session()
        << "INSERT INTO " + table(place.drawer) +
               " (owner, subject, name, body, at) VALUES (?, ?, ?, ?, ?)"
               " ON CONFLICT (owner, subject, name) DO UPDATE SET body = excluded.body, at = excluded.at",
        use(owner), use(subject), use(name), use(blob), use(when), now;
}

void Store::put(const Place& place, std::string_view body, std::int64_t at) {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] { insert(place, body, at); });
}

void Store::put_all(const std::vector<std::pair<Place, Kept>>& entries) {
    if (entries.empty()) return;
    const std::lock_guard lock(mutex_);
    database_->guarded([&] {
        WholeOrNothing all(database_->session());
        for (const auto& [place, kept] : entries) insert(place, kept.body, kept.at);
        all.commit();
    });
}

std::optional<Kept> Store::get(const Place& place) {
    const std::lock_guard lock(mutex_);
    std::string owner = sealer_.lookup(place.owner);
    std::string subject = sealer_.lookup(place.subject);
    std::string name = place.name;
    std::vector<BLOB> bodies;
    std::vector<Poco::Int64> times;
    database_->guarded([&] {
        database_->session() << "SELECT body, at FROM " + table(place.drawer) +
                                    " WHERE owner = ? AND subject = ? AND name = ?",
            into(bodies), into(times), use(owner), use(subject), use(name), now;
    });
    if (bodies.empty()) return std::nullopt;
    const std::string_view sealed(reinterpret_cast<const char*>(bodies[0].rawContent()), bodies[0].size());
    return Kept{name, sealer_of(owner).open(sealed, seal_place(place.drawer, owner, subject, name)),
                times[0]};
}

void Store::erase(const Place& place) {
    std::string owner = sealer_.lookup(place.owner);
    std::string subject = sealer_.lookup(place.subject);
    std::string name = place.name;
    database_->session() << "DELETE FROM " + table(place.drawer) +
                                " WHERE owner = ? AND subject = ? AND name = ?",
        use(owner), use(subject), use(name), now;
}

void Store::remove(const Place& place) {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] { erase(place); });
}

void Store::remove_all(Drawer drawer, const std::string& of, const std::string& named) {
    const std::lock_guard lock(mutex_);
    std::string subject = sealer_.lookup(of);
    std::string name = named;
    database_->guarded([&] {
        database_->session() << "DELETE FROM " + table(drawer) + " WHERE subject = ? AND name = ?",
            use(subject), use(name), now;
    });
}

void Store::rewrite_all(Drawer drawer, const std::string& of, const std::string& fitting,
                        const BodyChange& change) {
    const std::lock_guard lock(mutex_);
    std::string subject = sealer_.lookup(of);
    std::string pattern = fitting;
    database_->guarded([&] {
        WholeOrNothing all(database_->session());
        std::vector<std::string> owners, names;
        std::vector<BLOB> bodies;
        database_->session() << "SELECT owner, name, body FROM " + table(drawer) +
                                    " WHERE subject = ? AND name GLOB ?",
            into(owners), into(names), into(bodies), use(subject), use(pattern), now;
        for (std::size_t at = 0; at < owners.size(); ++at) {
            std::string& name = names[at];
            const std::string place = seal_place(drawer, owners[at], subject, name);
            const std::string_view sealed(reinterpret_cast<const char*>(bodies[at].rawContent()),
                                          bodies[at].size());
            const std::string before = sealer_of(owners[at]).open(sealed, place);
            const std::string after = change(before);
            if (after == before) continue;
            const std::string again = sealer_of(owners[at]).seal(after, place);
            BLOB blob(reinterpret_cast<const unsigned char*>(again.data()), again.size());
            database_->session() << "UPDATE " + table(drawer) +
                                        " SET body = ? WHERE owner = ? AND subject = ? AND name = ?",
                use(blob), use(owners[at]), use(subject), use(name), now;
        }
        all.commit();
    });
}

void Store::leave_no_trace() {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] {
        std::vector<int> busy, pages, moved;
        database_->session() << "PRAGMA wal_checkpoint(TRUNCATE)", into(busy), into(pages), into(moved), now;
    });
}

// 0 where nothing lies. Within the transaction that writes: another engine may have the same store.
std::int64_t Store::lies_since(const Place& place) {
    std::string owner = sealer_.lookup(place.owner);
    std::string subject = sealer_.lookup(place.subject);
    std::string name = place.name;
    std::vector<Poco::Int64> times;
    database_->session() << "SELECT at FROM " + table(place.drawer) +
                                " WHERE owner = ? AND subject = ? AND name = ?",
        into(times), use(owner), use(subject), use(name), now;
    return times.empty() ? 0 : times.front();
}

bool Store::put_over(const Place& place, std::string_view body, std::int64_t at, std::int64_t seen) {
    const std::lock_guard lock(mutex_);
    return database_->guarded([&] {
        WholeOrNothing all(database_->session());
        if (lies_since(place) != seen && control::on("H4.no-draft-overwritten")) return false;
        insert(place, body, at);
        all.commit();
        return true;
    });
}

void Store::put_instead(const Place& place, std::string_view body, std::int64_t at, const Place& removed) {
    put_instead({{place, {place.name, std::string(body), at}}}, removed);
}

void Store::put_instead(const std::vector<std::pair<Place, Kept>>& entries, const Place& removed) {
    const std::lock_guard lock(mutex_);
    database_->guarded([&] {
        WholeOrNothing all(database_->session());
        for (const auto& [place, kept] : entries) insert(place, kept.body, kept.at);
        erase(removed);
        all.commit();
    });
}

bool Store::put_instead_over(const std::vector<std::pair<Place, Kept>>& entries, const Place& removed,
                             const Place& where, std::int64_t seen) {
    const std::lock_guard lock(mutex_);
    return database_->guarded([&] {
        WholeOrNothing all(database_->session());
        if (lies_since(where) != seen && control::on("H4.no-draft-overwritten")) return false;
        for (const auto& [place, kept] : entries) insert(place, kept.body, kept.at);
        erase(removed);
        all.commit();
        return true;
    });
}

void Store::forget_before(Drawer drawer, std::int64_t at) {
    const std::lock_guard lock(mutex_);
    Poco::Int64 when = at;
    database_->guarded(
        [&] { database_->session() << "DELETE FROM " + table(drawer) + " WHERE at < ?", use(when), now; });
}

std::vector<Kept> Store::list(Drawer drawer, const std::string& owner_name) {
    const std::lock_guard lock(mutex_);
    std::string owner = sealer_.lookup(owner_name);
    std::vector<std::string> subjects;
    std::vector<std::string> names;
    std::vector<BLOB> bodies;
    std::vector<Poco::Int64> times;
    database_->guarded([&] {
        database_->session() << "SELECT subject, name, body, at FROM " + table(drawer) +
                                    " WHERE owner = ? ORDER BY at, rowid",
            into(subjects), into(names), into(bodies), into(times), use(owner), now;
    });
    std::vector<Kept> kept;
    for (std::size_t at = 0; at < bodies.size(); ++at) {
        const std::string_view sealed(reinterpret_cast<const char*>(bodies[at].rawContent()),
                                      bodies[at].size());
        kept.push_back({names[at],
                        sealer_of(owner).open(sealed, seal_place(drawer, owner, subjects[at], names[at])),
                        times[at]});
    }
    return kept;
}

std::vector<Kept> Store::find(Drawer drawer, const std::string& owner_name, const std::string& of,
                              const std::string& fitting) {
    const std::lock_guard lock(mutex_);
    std::string owner = sealer_.lookup(owner_name);
    std::string subject = sealer_.lookup(of);
    std::string pattern = fitting;
    std::vector<std::string> names;
    std::vector<BLOB> bodies;
    std::vector<Poco::Int64> times;
    database_->guarded([&] {
        database_->session() << "SELECT name, body, at FROM " + table(drawer) +
                                    " WHERE owner = ? AND subject = ? AND name GLOB ? ORDER BY at, rowid",
            into(names), into(bodies), into(times), use(owner), use(subject), use(pattern), now;
    });
    std::vector<Kept> kept;
    for (std::size_t at = 0; at < bodies.size(); ++at) {
        const std::string_view sealed(reinterpret_cast<const char*>(bodies[at].rawContent()),
                                      bodies[at].size());
        kept.push_back({names[at],
                        sealer_of(owner).open(sealed, seal_place(drawer, owner, subject, names[at])),
                        times[at]});
    }
    return kept;
}

}  // namespace careplug::engine
