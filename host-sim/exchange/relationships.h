// Whether a reader may be given what a person's plan says: who reads first says on what basis (an AuditEvent
// of the kind `open` or `break-glass`), and the plan's data set decides whether that basis is this role's and
// for how long it holds (hazard H9). No word of the request itself is believed.
#pragma once

#include <careplug/plan/relationship.h>

#include <map>

#include "store.h"

namespace careplug::exchange {

// For one request: it remembers what it found out.
class Relationships {
public:
    Relationships(View& view, const plan::Actor& actor) : view_(view), actor_(actor) {}

    // By any basis that opens an active plan.
    bool opened(const plan::DataSet& data_set, const std::string& patient_id);
    // Likewise, and not in an emergency alone, which is read-only.
    bool may_change(const plan::DataSet& data_set, const std::string& patient_id);
    // A plan that must not be shared is opened in an emergency alone.
    bool broke_glass(const plan::DataSet& data_set, const std::string& patient_id);

private:
    bool claimed(const plan::DataSet& data_set, const std::string& patient_id, const std::string& basis);

    View& view_;
    const plan::Actor& actor_;
    std::map<std::string, bool> found_;
};

}  // namespace careplug::exchange
