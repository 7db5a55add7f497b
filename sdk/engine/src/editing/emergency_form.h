// The one question before a plan is opened in an emergency: why. Its answers are the data set's.
#pragma once

#include <careplug/plan/data_set.h>

#include <cstdint>
#include <memory>
#include <string>

namespace careplug::engine {

inline constexpr const char* emergency_action = "break-glass";
inline constexpr const char* emergency_reason = "emergency.reason";

// What a panel that was opened in an emergency has beside the others.
struct Emergency {
    std::shared_ptr<const plan::DataSet> form;
    std::string reason;            // empty: not given yet
    std::int64_t until = 0;        // on the boot clock; 0: not open
    std::int64_t until_clock = 0;  // as words say it
    bool ended = false;
    std::string problem;  // why it could not be opened
};

std::shared_ptr<const plan::DataSet> emergency_form(const plan::DataSet& data_set);

}  // namespace careplug::engine
