// On what basis somebody may read what a person's plan says. The data set says which roles have which basis
// and for how long; the engine asks before it shows, the exchange before it gives (hazard H9). Pure.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/role.h>
#include <careplug/plan/states.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plan {

namespace basis {
inline constexpr const char* registered = "registered";      // at this practice
inline constexpr const char* caseload = "caseload";          // of this team
inline constexpr const char* urgent_case = "urgent-case";    // an open case or attendance
inline constexpr const char* self_claimed = "self-claimed";  // a reason, and an alert
inline constexpr const char* break_glass = "break-glass";    // likewise; read-only, soon over
inline constexpr const char* own_plan = "own-plan";          // of the person, or of who acts for them
}  // namespace basis

// Yes, or a sentence that says how to go on. A reason is needed where an alert is raised.
Decision may_open(const DataSet& data_set, const Actor& actor, std::string_view basis,
                  std::string_view reason);
// The privacy officer is told of it.
bool raises_alert(std::string_view basis);
// For how long such an opening is good; 0 for a basis that the data set does not give this role.
std::int64_t open_for_ms(const DataSet& data_set, const Actor& actor, std::string_view basis);
// Every basis that this role may have, and that opens an active plan.
std::vector<std::string> bases_of(const DataSet& data_set, const Actor& actor);

// What a data set without relationships of its own has.
std::vector<RelationshipRule> standard_relationships();

}  // namespace careplug::plan
