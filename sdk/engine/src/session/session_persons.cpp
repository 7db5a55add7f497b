// Whom a number belongs to, as the exchange says, in a session: kept beside what was last known, so that it
// holds without a line too.
#include <careplug/controls/controls.h>
#include <nlohmann/json.hpp>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

void Session::apply_persons(const std::map<std::string, Person>& persons) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    bool changed = false;
    for (const auto& [digits, person] : persons) {
        Known& one = known(digits);
        if (one.person == person) continue;
        changed = true;
        const bool was_clear = one.person.state == Person::State::clear;
        one.person = person;
        if (person.state != Person::State::clear || !was_clear) {
            // What was known under this number may be another person's.
            one.answer = {};
            one.current = false;
            one.reason = CAREPLUG_REASON_NOT_ASKED;
            one.since = now_ms();
            one.submissions.clear();
        }
        keep_person(digits, person);
    }
    if (!changed) return;
    publish_flags(false);
    look_at_open_patients();
    for (const auto& [id, one] : panels_)
        if (persons.contains(patients_.at(one.patient).checked.digits)) panel_changed(one);
}

void Session::keep_person(const std::string& digits, const Person& person) {
    try {
        if (person.state != Person::State::clear) {
            hub_.store().remove_all(Drawer::last_known, digits, "revision");
            hub_.store().remove_all(Drawer::last_known, digits, "plan");
            kept_.erase(digits);
        }
        hub_.store().put({Drawer::last_known, identity_->audience(), digits, "person"}, write_person(person),
                         now_ms());
    } catch (const StoreFailure& failure) {
        hub_.log().say(std::string("what was last known is not kept: ") + failure.what());
    }
}

bool Session::is_restricted_person(const OpenPatient& owner) {
    return control::on("H1.restricted-whereabouts") &&
           (owner.record_restricted || known(owner.checked.digits).person.restricted);
}

std::map<std::string, std::string> Session::earlier_numbers() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> now;
    for (const auto& [digits, one] : known_)
        for (const auto& earlier : one.person.earlier) now[earlier] = digits;
    return now;
}

// What a reader must know of the identity before reading on, wherever something of the plan is shown.
std::vector<std::string> Session::identity_warnings(const OpenPatient& owner) {
    std::vector<std::string> warnings;
    const Known& found = known(owner.checked.digits);
    if (name_differs(owner))
        warnings.emplace_back(
            "The name in this record differs from the plan's: check that this is the same person.");
    if (found.answer.plan && found.answer.plan->nhs_number != owner.checked.digits)
        warnings.push_back("This plan was written under this person's earlier NHS number " +
                           found.answer.plan->nhs_number + ".");
    if (is_restricted_person(owner))
        warnings.emplace_back(
            "This person's record is restricted: where they live and their telephone are not shown. Do not "
            "tell anybody where they are.");
    return warnings;
}

}  // namespace careplug::engine
