// A plan (one CarePlan) and its revisions (one QuestionnaireResponse each).
#pragma once

#include <careplug/plan/answers.h>
#include <careplug/plan/role.h>
#include <cstdint>
#include <optional>
#include <string>

namespace careplug::plan {

enum class PlanStatus { active, on_hold, completed, entered_in_error };

// The plan's header: what CarePlan holds. Times are FHIR dateTimes.
struct Plan {
    std::string id;    // CarePlan.id, and the plan identifier
    std::string etag;  // of the version read; compared for equality only
    PlanStatus status = PlanStatus::active;
    std::string data_set;    // canonical url|version
    std::string nhs_number;  // of subject.identifier
    std::string patient_reference;
    std::uint32_t revision = 0;  // integer of the published revision
    std::string revision_id;     // QuestionnaireResponse.id it points to
    std::string created;
    std::string amended;
    std::string author;    // words of who amended it last
    std::string approver;  // words of who approved it
    std::string approver_role;
    std::string organisation;  // ODS code of who published it; empty where it was not said
    std::string review;        // date
    std::string consent_id;
    // Of the last change of status; of an active plan only until a revision is published after it was
    // reopened:
    std::string status_date;          // when it changed
    std::string status_since;         // since when it holds: the date of death, of the withdrawal of consent
    std::string status_by;            // words of who changed it
    std::string status_organisation;  // that person's, ODS code; empty where it was not said
    std::string status_reason;        // in that person's words; of no suspended plan
    Answers summary;  // the data set's summary_fields, and of masked ones only that they exist
};

// Who it is about and since when it is suspended, closed or removed; none of what it says. All that a
// computer may keep of a plan that must not be shown (hazard H8).
Plan without_content(Plan plan);

std::string code(PlanStatus status);  // active, on-hold, completed, entered-in-error
std::optional<PlanStatus> plan_status(std::string_view code);

// The identity that a plan was made for against the identity a host shows (hazard H1).
enum class IdentityMatch { same, different_name, different_birth_date, different_number };
IdentityMatch match_identity(const Answers& plan, std::string_view nhs_number, std::string_view birth_date,
                             std::string_view family, std::string_view given);

}  // namespace careplug::plan
