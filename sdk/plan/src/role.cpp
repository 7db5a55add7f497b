#include <careplug/controls/controls.h>
#include <careplug/plan/role.h>
#include <algorithm>
#include <array>
#include <vector>

namespace careplug::plan {

namespace {

enum class Granted { never, senior, always };
constexpr Granted no = Granted::never;
constexpr Granted yes = Granted::always;

struct Rights {
    std::string_view role;
    std::string_view words;
    Granted view, edit, approve, note, suspend, close, own_sections;

    Granted of(Right right) const {
        switch (right) {
            case Right::view:
                return view;
            case Right::edit:
                return edit;
            case Right::approve:
                return approve;
            case Right::note:
                return note;
            case Right::suspend:
                return suspend;
            case Right::close:
                return close;
            case Right::own_sections:
                return own_sections;
        }
        return no;
    }
};

// The roles of the data set. What a patient may edit is said by Field::patient_edit.
constexpr std::array<Rights, 16> all_rights{{
    // role, words, view, edit, approve, note, suspend, close, own sections
    {"gp", "GP", yes, yes, yes, yes, yes, yes, no},
    {"palliative_specialist", "palliative care specialist", yes, yes, yes, yes, yes, yes, no},
    {"hospice_clinician", "hospice clinician", yes, yes, yes, yes, yes, yes, no},
    {"hospital_clinician", "hospital clinician", yes, yes, Granted::senior, yes, yes, yes, no},
    {"district_nurse", "district nurse", yes, yes, no, yes, yes, yes, no},
    {"care_home_nurse", "care home nurse", yes, yes, no, no, no, no, no},
    {"social_care", "social care worker", yes, yes, no, no, no, no, no},
    {"ooh_clinician", "out-of-hours clinician", yes, no, no, yes, yes, yes, no},
    {"ae_clinician", "A&E clinician", yes, no, no, yes, no, yes, no},
    {"ambulance_clinician", "ambulance clinician", yes, no, no, yes, no, no, no},
    {"nhs111_call_handler", "NHS 111 call handler", yes, no, no, yes, no, no, no},
    {"patient", "patient", yes, no, no, no, no, no, yes},
    {"proxy", "person acting for the patient", yes, no, no, no, no, no, yes},
    {"privacy_officer", "privacy officer", no, no, no, no, no, no, no},
    {"researcher", "researcher", no, no, no, no, no, no, no},
    {"system", "system", yes, no, no, no, no, no, no},
}};

const Rights* rights(std::string_view role) {
    const auto found = std::find_if(all_rights.begin(), all_rights.end(),
                                    [&](const Rights& each) { return each.role == role; });
    return found == all_rights.end() ? nullptr : &*found;
}

}  // namespace

std::string with_article(std::string_view words) {
    const bool sounds_open =
        !words.empty() && (std::string_view("AEIOaeio").find(words.front()) != std::string_view::npos ||
                           words.starts_with("NHS"));
    return (sounds_open ? "an " : "a ") + std::string(words);
}

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

bool has(const Actor& actor, Right right) {
    const Rights* found = rights(actor.role);
    if (found == nullptr) return false;
    if (!control::on("H9.rights-by-role")) return true;
    const Granted granted = found->of(right);
    return granted == Granted::always || (granted == Granted::senior && actor.senior);
}

std::string who_has(Right right) {
    std::vector<std::string> list;
    for (const Rights& each : all_rights) {
        if (each.role == "system" || each.of(right) == Granted::never) continue;
        const std::string words =
            (each.of(right) == Granted::senior ? "senior " : "") + std::string(each.words);
        list.push_back(with_article(words));
    }
    std::string sentence;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (at > 0) sentence += at + 1 == list.size() ? " or " : ", ";
        sentence += list[at];
    }
    if (!sentence.empty()) sentence[0] = 'A';
    return sentence;
}

bool may_view(const Actor& actor) {
    return has(actor, Right::view);
}

bool may_edit(const Actor& actor) {
    return has(actor, Right::edit);
}

bool may_approve(const Actor& actor) {
    return has(actor, Right::approve);
}

bool may_note(const Actor& actor) {
    return has(actor, Right::note);
}

bool may_audit(const Actor& actor) {
    return actor.role == "privacy_officer";
}

bool is_person(const Actor& actor) {
    return actor.role == "patient" || actor.role == "proxy";
}

bool may_edit_own(const Actor& actor) {
    return is_person(actor) && has(actor, Right::own_sections);
}

namespace {

// What the data set gives to patients: "direct" to edit, "proposal" to propose.
bool is_given(const Actor& actor, const Field& field, std::string_view how) {
    return may_edit_own(actor) && field.patient_edit == how && !field.read_only && !field.hidden &&
           std::find(field.may_edit.begin(), field.may_edit.end(), actor.role) != field.may_edit.end();
}

}  // namespace

bool may_propose_field(const Actor& actor, const Field& field) {
    return is_given(actor, field, "proposal");
}

bool may_edit_field(const Actor& actor, const Field& field) {
    if (is_person(actor)) return is_given(actor, field, "direct");
    if (!may_edit(actor) && !may_note(actor)) return false;
    if (field.may_edit.empty()) return may_edit(actor);
    return std::find(field.may_edit.begin(), field.may_edit.end(), actor.role) != field.may_edit.end();
}

std::string who_may_approve() {
    return who_has(Right::approve) + " can publish.";
}

std::string who_may_edit() {
    return "A GP, a palliative care specialist, a hospice or hospital clinician or a district nurse can edit "
           "the "
           "plan; care home nurses and social care workers can edit its non-clinical parts.";
}

}  // namespace careplug::plan
