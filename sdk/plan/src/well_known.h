// Link ids that mean the same in every data set (docs/data-sets.md). A data set may leave any of them out.
#pragma once

namespace careplug::plan::well_known {

inline constexpr const char* family = "dem.family";
inline constexpr const char* given = "dem.given";
inline constexpr const char* preferred_name = "dem.preferred";
inline constexpr const char* birth_date = "dem.dob";
inline constexpr const char* nhs_number = "dem.nhs";
inline constexpr const char* nhs_number_status = "dem.nhs_status";
inline constexpr const char* cpr_decision = "cpr.decision";
inline constexpr const char* review = "meta.review";
inline constexpr const char* consent = "con.status";
inline constexpr const char* consent_date = "con.date";
inline constexpr const char* death_date = "end.date";

}  // namespace careplug::plan::well_known
