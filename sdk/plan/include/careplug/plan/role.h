// Who may do what (roles of the data set; seniority is a claim of the identity assertion).
#pragma once

#include <careplug/plan/data_set.h>
#include <string>
#include <string_view>

namespace careplug::plan {

// A person as asserted by the host: from a verified token, never from a body.
struct Actor {
    std::string subject;  // user id, unique within the issuer
    std::string issuer;
    std::string name;
    std::string role;  // gp, hospital_clinician ...
    bool senior = false;
    std::string organisation;  // ODS code
    std::string organisation_name;
    // Of a patient, and of who acts for one: the NHS number of the person whose plan it is. Of nobody else.
    std::string person{};
    // "Dr A. Patel, GP, Alder Lane Surgery"
    std::string words() const;
    bool operator==(const Actor&) const = default;
};

// What a role may be allowed to do with plans.
// own_sections: of one's own plan alone (own_plan.h).
enum class Right { view, edit, approve, note, suspend, close, own_sections };

bool known_role(std::string_view role);
std::string role_words(std::string_view role);     // "GP", "hospital clinician"
std::string with_article(std::string_view words);  // "a GP", "an A&E clinician"

bool has(const Actor& actor, Right right);
// "A GP, a palliative care specialist ... or a senior hospital clinician"
std::string who_has(Right right);

bool may_view(const Actor& actor);
bool may_edit(const Actor& actor);     // start and edit drafts of a plan
bool may_approve(const Actor& actor);  // and so publish in one action
bool may_note(const Actor& actor);     // append an urgent care contact
bool may_audit(const Actor& actor);    // read who looked at and changed what
bool may_edit_field(const Actor& actor, const Field& field);
// A patient, or who acts for one: reads that person's plan and no other, edits its own sections and proposes
// the rest (hazard H17).
bool is_person(const Actor& actor);
bool may_edit_own(const Actor& actor);
bool may_propose_field(const Actor& actor, const Field& field);

// "A GP, a palliative care specialist, ... can publish." Said with every refusal.
std::string who_may_approve();
std::string who_may_edit();

}  // namespace careplug::plan
