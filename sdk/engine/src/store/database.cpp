#include "store/database.h"

#include <utility>

#include "store/store.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using Poco::Data::Keywords::now;

// A call has two seconds (host.h), in which one thread may wait for others that wait for the store. So who
// comes right after one that waited in vain does not wait as long again.
constexpr int patience_ms = 700;
constexpr int hurry_ms = 20;
constexpr std::int64_t hurry_lasts_ms = 1000;

}  // namespace

Database::Database(std::string folder, std::string meaning)
    : folder_(std::move(folder)), meaning_(std::move(meaning)) {
    careful([&] {
        session_ = std::make_unique<Poco::Data::Session>("SQLite", folder_ + "/careplug.db");
        be_patient();
        *session_ << "PRAGMA synchronous=FULL", now;
        *session_ << "PRAGMA secure_delete=ON", now;
        // No copy of anything outside the store, and the engine may write nowhere else.
        *session_ << "PRAGMA temp_store=MEMORY", now;
    });
}

void Database::be_patient() {
    const int patience = boot_ms() < in_a_hurry_until_ ? hurry_ms : patience_ms;
    if (patience == patience_ms_) return;
    *session_ << "PRAGMA busy_timeout=" + std::to_string(patience), now;
    patience_ms_ = patience;
}

void Database::busy() {
    in_a_hurry_until_ = boot_ms() + hurry_lasts_ms;
    throw StoreFailure(meaning_ +
                       ": another program of this user is busy with what this computer keeps. Try again in a "
                       "moment.");
}

void Database::refuse() const {
    throw StoreFailure(meaning_ + ": the folder " + folder_ +
                       " cannot be written. The disk may be full or read-only; free some space or ask the "
                       "administrator.");
}

}  // namespace careplug::engine
