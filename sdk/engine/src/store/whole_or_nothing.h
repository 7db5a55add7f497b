// A transaction that writes at once: all of it, or nothing.
#pragma once

#include <Poco/Data/Session.h>

namespace careplug::engine {

class WholeOrNothing {
public:
    explicit WholeOrNothing(Poco::Data::Session& session) : session_(session) {
        session_ << "BEGIN IMMEDIATE", Poco::Data::Keywords::now;
    }
    ~WholeOrNothing() {
        if (done_) return;
        try {
            session_ << "ROLLBACK", Poco::Data::Keywords::now;
        } catch (const Poco::Exception&) {
            // SQLite has rolled back by itself
        }
    }
    WholeOrNothing(const WholeOrNothing&) = delete;
    WholeOrNothing& operator=(const WholeOrNothing&) = delete;
    void commit() {
        session_ << "COMMIT", Poco::Data::Keywords::now;
        done_ = true;
    }

private:
    Poco::Data::Session& session_;
    bool done_ = false;
};

}  // namespace careplug::engine
