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
    std::string review;  // date
    std::string consent_id;
    std::string status_date;  // when status last changed, where it is not active
    Answers summary;          // the data set's summary_fields, and of masked ones only that they exist
};

// Allowed transitions of both state machines (states of the data set). "none" starts a plan.
bool plan_transition_allowed(std::string_view from, std::string_view to);
bool revision_transition_allowed(std::string_view from, std::string_view to);

std::string code(PlanStatus status);  // active, on-hold, completed, entered-in-error
std::optional<PlanStatus> plan_status(std::string_view code);

// The identity that a plan was made for against the identity a host shows (hazard H1).
enum class IdentityMatch { same, different_name, different_birth_date, different_number };
IdentityMatch match_identity(const Answers& plan, std::string_view nhs_number, std::string_view birth_date,
                             std::string_view family, std::string_view given);

}  // namespace careplug::plan
