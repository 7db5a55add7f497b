#include <careplug/plan/role.h>
#include <algorithm>
#include <array>

namespace careplug::plan {

namespace {

enum class Approval { never, senior, always };

struct Rights {
    std::string_view role;
    std::string_view words;
    bool view;
    bool edit;
    Approval approve;
    bool note;
};

// The roles of the data set. A patient's own edits go by Field::patient_edit, not by drafts of a plan.
constexpr std::array<Rights, 16> all_rights{{
    {"gp", "GP", true, true, Approval::always, true},
    {"palliative_specialist", "palliative care specialist", true, true, Approval::always, true},
    {"hospice_clinician", "hospice clinician", true, true, Approval::always, true},
    {"hospital_clinician", "hospital clinician", true, true, Approval::senior, true},
    {"district_nurse", "district nurse", true, true, Approval::never, true},
    {"care_home_nurse", "care home nurse", true, true, Approval::never, false},
    {"social_care", "social care worker", true, true, Approval::never, false},
    {"ooh_clinician", "out-of-hours clinician", true, false, Approval::never, true},
    {"ae_clinician", "A&E clinician", true, false, Approval::never, true},
    {"ambulance_clinician", "ambulance clinician", true, false, Approval::never, true},
    {"nhs111_call_handler", "NHS 111 call handler", true, false, Approval::never, true},
    {"patient", "patient", true, false, Approval::never, false},
    {"proxy", "person acting for the patient", true, false, Approval::never, false},
    {"privacy_officer", "privacy officer", false, false, Approval::never, false},
    {"researcher", "researcher", false, false, Approval::never, false},
    {"system", "system", true, false, Approval::never, false},
}};

const Rights* rights(std::string_view role) {
    const auto found = std::find_if(all_rights.begin(), all_rights.end(),
                                    [&](const Rights& each) { return each.role == role; });
    return found == all_rights.end() ? nullptr : &*found;
}

}  // namespace

std::string Actor::words() const {
    std::string text = name;
    for (const std::string& part : {role.empty() ? std::string() : role_words(role),
                                    organisation_name.empty() ? organisation : organisation_name}) {
        if (part.empty()) continue;
        if (!text.empty()) text += ", ";
        text += part;
    }
    return text;
}

bool known_role(std::string_view role) {
    return rights(role) != nullptr;
}

std::string role_words(std::string_view role) {
    const Rights* found = rights(role);
    return std::string(found != nullptr ? found->words : role);
}

bool may_view(const Actor& actor) {
    const Rights* found = rights(actor.role);
    return found != nullptr && found->view;
}

bool may_edit(const Actor& actor) {
    const Rights* found = rights(actor.role);
    return found != nullptr && found->edit;
}

bool may_approve(const Actor& actor) {
    const Rights* found = rights(actor.role);
    if (found == nullptr) return false;
    return found->approve == Approval::always || (found->approve == Approval::senior && actor.senior);
}

bool may_note(const Actor& actor) {
    const Rights* found = rights(actor.role);
    return found != nullptr && found->note;
}

bool may_edit_field(const Actor& actor, const Field& field) {
    if (!may_edit(actor) && !may_note(actor)) return false;
    if (field.may_edit.empty()) return may_edit(actor);
    return std::find(field.may_edit.begin(), field.may_edit.end(), actor.role) != field.may_edit.end();
}

std::string who_may_approve() {
    return "A GP, a palliative care specialist, a hospice clinician or a senior hospital clinician can "
           "publish.";
}

std::string who_may_edit() {
    return "A GP, a palliative care specialist, a hospice or hospital clinician or a district nurse can edit "
           "the "
           "plan; care home nurses and social care workers can edit its non-clinical parts.";
}

}  // namespace careplug::plan
