// The table of requirements for hosts. Their numbers never change: a requirement that goes leaves a gap.
#include <algorithm>
#include <array>

#include "judges.h"

namespace careplug::tools {

namespace {

constexpr auto mandatory = Level::mandatory;
constexpr auto recommended = Level::recommended;

constexpr const char* process = "Starting, ending and faults";
constexpr const char* calls = "Records, text and handles of a host";
constexpr const char* events = "Events and requests";
constexpr const char* flags = "Flags that a host shows";
constexpr const char* patients = "Patients";
constexpr const char* panels = "Panels and changes";

constexpr std::array table = {
    HostRequirement{"HOST-001", process, mandatory, "careplug_open gets a loader on an ordinary day.",
                    "No plan is seen in this system.", &host_process::opens},
    HostRequirement{"HOST-002", process, recommended, "host_name names product and version.",
                    "An engine's log does not say whose host it served.", &host_process::names_itself},
    HostRequirement{"HOST-003", process, mandatory, "On a day without a fault the host ends with status 0.",
                    "A run that fails is not told from one that went well.", &host_process::ends_well},
    HostRequirement{"HOST-004", process, mandatory, "Nothing that an engine does ends the host by a signal.",
                    "A fault of the plan service takes the clinical record from the screen.",
                    &host_process::never_crashes},
    HostRequirement{"HOST-005", process, mandatory,
                    "No day keeps the host waiting for ever: also not an event that never comes.",
                    "The record hangs in front of the patient.", &host_process::ends_in_time},
    HostRequirement{"HOST-006", process, mandatory, "careplug_close is called before the host ends.",
                    "An engine goes on with a user's identity after they left.",
                    &host_process::closes_the_loader},
    HostRequirement{"HOST-007", process, mandatory,
                    "A refused careplug_open is survived, and nothing of it used.",
                    "A system that cannot show plans cannot show records either.",
                    &host_process::survives_a_refused_open},
    HostRequirement{"HOST-008", process, mandatory,
                    "A refused careplug_session_open is survived, and nothing of it used.",
                    "A system that cannot show plans cannot show records either.",
                    &host_process::survives_a_refused_session},
    HostRequirement{"HOST-009", process, mandatory, "The end of the engine is survived.",
                    "A fault of the plan service takes the clinical record from the screen.",
                    &host_process::survives_the_engine},
    HostRequirement{"HOST-010", process, mandatory,
                    "After FAILED_ENGINE events are waited for: at most 20 calls more are answered so.",
                    "A screen tries for ever and never says that plans are not known.",
                    &host_process::leaves_a_dead_session},
    HostRequirement{"HOST-011", process, mandatory, "Results of 6 MB are taken.",
                    "The plans of the most ill, which are the longest, do not open.",
                    &host_process::takes_large_results},
    HostRequirement{"HOST-012", process, mandatory, "A call that is answered past its deadline is survived.",
                    "One slow disk ends the record for everybody.", &host_process::survives_a_late_reply},
    HostRequirement{"HOST-101", calls, mandatory, "Every record has its size, every array its stride.",
                    "A later library takes the record for another.", &host_calls::sizes_records},
    HostRequirement{"HOST-102", calls, mandatory, "Every text is UTF-8 without NUL, with its length.",
                    "A name with an accent is refused in the middle of a clinic.",
                    &host_calls::passes_valid_text},
    HostRequirement{"HOST-103", calls, mandatory,
                    "Every value is one of the contract, every out has a place.",
                    "What a clinician did is refused, and nobody is told.", &host_calls::passes_known_values},
    HostRequirement{"HOST-104", calls, mandatory, "No handle is used that is closed, released, foreign or 0.",
                    "H1: something of one patient is asked for on the screen of another.",
                    &host_calls::uses_live_handles},
    HostRequirement{"HOST-105", calls, mandatory, "Nothing is closed or released twice.",
                    "The second time may end what another part of the program just opened.",
                    &host_calls::ends_handles_once},
    HostRequirement{"HOST-106", calls, mandatory, "A session gets one call at a time.",
                    "A click is answered BUSY, and lost.", &host_calls::does_not_overlap},
    HostRequirement{"HOST-107", calls, mandatory, "Every result and body of an event is released.",
                    "A system that runs for months takes all memory.", &host_calls::releases_results},
    HostRequirement{"HOST-108", calls, mandatory, "Every problem is released.",
                    "A system that runs for months takes all memory.", &host_calls::releases_problems},
    HostRequirement{"HOST-109", calls, mandatory, "Every operation is released.",
                    "A system that runs for months takes all memory.", &host_calls::releases_operations},
    HostRequirement{"HOST-110", calls, recommended, "The sentence of every problem is read.",
                    "A click does nothing, and nobody is told why.", &host_calls::reads_refusals},
    HostRequirement{"HOST-201", events, mandatory, "No event lies for more than 5 seconds.",
                    "A decision changed, and the screen shows the old one.", &host_events::pulls_events},
    HostRequirement{"HOST-202", events, recommended, "Events are waited for, not asked for without a pause.",
                    "A processor of every workstation does nothing else.", &host_events::does_not_spin},
    HostRequirement{"HOST-203", events, mandatory, "Every request that was pulled is answered.",
                    "Nobody is signed in, or a form stays empty.", &host_events::answers_requests},
    HostRequirement{"HOST-204", events, mandatory, "No request is answered twice.",
                    "An answer of one moment is taken for that of another.", &host_events::answers_once},
    HostRequirement{
        "HOST-205", events, mandatory,
        "H9: the identity is a token signed with RS256, with every claim, for the audience asked for.",
        "Nobody can tell who wrote or read a plan.", &host_events::signs_the_identity},
    HostRequirement{"HOST-206", events, mandatory,
                    "H9: the identity is not expired and lives 10 minutes at most.",
                    "Who left an hour ago still reads and writes.", &host_events::identity_is_fresh},
    HostRequirement{"HOST-207", events, mandatory,
                    "H1: a record is that of the patient whom the request names.",
                    "One person's plan holds another's allergies.", &host_events::gives_the_record_asked_for},
    HostRequirement{
        "HOST-208", events, mandatory, "What the host cannot give is refused with 100 to 199 and a sentence.",
        "Something that was never given is taken for given.", &host_events::refuses_what_it_cannot_give},
    HostRequirement{"HOST-209", events, mandatory, "No patient is opened before the identity was accepted.",
                    "A screen says nothing can be read, to somebody who may.",
                    &host_events::waits_for_the_identity},
    HostRequirement{"HOST-210", events, mandatory, "An event of an unknown kind changes nothing.",
                    "Every newer engine needs every host changed.", &host_events::ignores_unknown_kinds},
    HostRequirement{"HOST-301", flags, mandatory, "H3: flags are read of patients whom careplug_watch named.",
                    "They are not known for ever, and nobody sees why.", &host_flags::watches_first},
    HostRequirement{"HOST-302", flags, mandatory, "H2: flags are read again after EVENT_FLAGS.",
                    "A decision changed, and the screen shows the old one.", &host_flags::reads_again},
    HostRequirement{"HOST-303", flags, mandatory,
                    "H3: the words of every flag that is not covered are asked for.",
                    "A decision against CPR is not drawn.", &host_flags::asks_for_words},
    HostRequirement{"HOST-304", flags, mandatory, "H3: flags that are last known are not dropped.",
                    "When the network fails a person's decision disappears.", &host_flags::keeps_last_known},
    HostRequirement{"HOST-305", flags, mandatory,
                    "H3: flags of an unknown slot or word, and with unknown knowledge, are not dropped.",
                    "What a later engine warns of is not drawn.", &host_flags::keeps_unknown_flags},
    HostRequirement{"HOST-306", flags, mandatory, "A receipt says what became of flags.",
                    "Nobody can tell afterwards what a clinician was shown.", &host_flags::sends_receipts},
    HostRequirement{"HOST-307", flags, mandatory, "No receipt is sent for flags that were not read.",
                    "The audit says that a clinician saw what no screen showed.",
                    &host_flags::shows_what_it_read},
    HostRequirement{"HOST-401", patients, mandatory,
                    "H1: numbers called verified are NHS numbers; status and birth date have their form.",
                    "The plan of another person is found, or none.", &host_patient::names_patients},
    HostRequirement{"HOST-402", patients, mandatory,
                    "H1: a patient who was refused for their identity is not tried again unchanged.",
                    "A warning that two people may be mixed up is never seen.",
                    &host_patient::accepts_the_refusal},
    HostRequirement{"HOST-403", patients, mandatory,
                    "H4: careplug_patient_may_close is asked before a patient is closed.",
                    "A decision that was typed and not published is left behind.",
                    &host_patient::asks_before_leaving},
    HostRequirement{
        "HOST-404", patients, mandatory, "H4: the reason to stay is read before a patient is left.",
        "A decision that was typed and not published is left behind.", &host_patient::reads_why_to_stay},
    HostRequirement{"HOST-405", patients, mandatory, "H1: every patient who was opened is closed.",
                    "Something of one patient comes late to the screen of another.",
                    &host_patient::closes_patients},
    HostRequirement{"HOST-406", patients, recommended, "H1: a patient is closed before the next is opened.",
                    "Something of one patient comes late to the screen of another.",
                    &host_patient::closes_before_the_next},
    HostRequirement{"HOST-501", panels, mandatory,
                    "A panel is opened for an action that careplug_actions gave.",
                    "A form is filled in and refused at the end.", &host_panel::offers_what_is_offered},
    HostRequirement{"HOST-502", panels, mandatory, "H5: what is changed was shown before.",
                    "Somebody's decision is overwritten by one who never saw it.",
                    &host_panel::views_before_changing},
    HostRequirement{"HOST-503", panels, mandatory, "H2: the view is read again after EVENT_PANEL.",
                    "A clinician works on a plan that is no longer the current one.",
                    &host_panel::views_again},
    HostRequirement{"HOST-504", panels, mandatory, "Nothing is changed while the plan is on its way.",
                    "What was typed is refused, and lost.", &host_panel::waits_for_the_plan},
    HostRequirement{"HOST-505", panels, mandatory, "Answers are sent as items with link ids.",
                    "What was typed is refused, and lost.", &host_panel::sends_items},
    HostRequirement{"HOST-506", panels, recommended, "A change is validated before it is submitted.",
                    "What is missing is found when the patient has gone.", &host_panel::validates},
    HostRequirement{"HOST-507", panels, mandatory, "H5: a change is submitted once.",
                    "Two changes of one person overwrite each other.", &host_panel::submits_once},
    HostRequirement{"HOST-508", panels, mandatory,
                    "H4: nothing is submitted while an answer could not be kept.",
                    "A plan is published without the decision that was typed last.",
                    &host_panel::does_not_submit_what_was_lost},
    HostRequirement{"HOST-509", panels, mandatory, "H5: a conflict is decided with both versions in view.",
                    "One of two decisions is overwritten, and nobody chose.",
                    &host_panel::leaves_conflicts_to_people},
};

}  // namespace

std::span<const HostRequirement> host_requirements() {
    return table;
}

const HostRequirement* find_host_requirement(std::string_view id) {
    const auto found =
        std::find_if(table.begin(), table.end(), [id](const auto& each) { return each.id == id; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace careplug::tools
