// A connection to the file of a store, which other programs of the same user may have open as well. What goes
// wrong with it is a StoreFailure, whose sentence says what to do. One thread at a time.
#pragma once

#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>

#include <cstdint>
#include <memory>
#include <string>

namespace careplug::engine {

class Database {
public:
    // What a failure means, as in "Nothing was saved".
    Database(std::string folder, std::string meaning);

    Poco::Data::Session& session() { return *session_; }
    template <typename Action>
    auto guarded(const Action& action) {
        return careful([&] {
            be_patient();
            return action();
        });
    }

private:
    std::string folder_;
    std::string meaning_;
    std::unique_ptr<Poco::Data::Session> session_;
    std::int64_t in_a_hurry_until_ = 0;
    int patience_ms_ = 0;

    void be_patient();
    [[noreturn]] void busy();
    [[noreturn]] void refuse() const;

    template <typename Action>
    auto careful(const Action& action) {
        try {
            return action();
        } catch (const Poco::Data::SQLite::DBLockedException&) {
            busy();
        } catch (const Poco::Data::SQLite::TableLockedException&) {
            busy();
        } catch (const Poco::Exception&) {
            refuse();
        }
    }
};

}  // namespace careplug::engine
