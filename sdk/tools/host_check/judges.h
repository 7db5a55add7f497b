// What is looked for in a day, one function a requirement, by subject.
#pragma once

#include "host_requirement.h"

namespace careplug::tools {

namespace host_process {
void opens(const Day& day);
void names_itself(const Day& day);
void ends_well(const Day& day);
void never_crashes(const Day& day);
void ends_in_time(const Day& day);
void closes_the_loader(const Day& day);
void survives_a_refused_open(const Day& day);
void survives_a_refused_session(const Day& day);
void survives_the_engine(const Day& day);
void leaves_a_dead_session(const Day& day);
void takes_large_results(const Day& day);
void survives_a_late_reply(const Day& day);
}  // namespace host_process

namespace host_calls {
void sizes_records(const Day& day);
void passes_valid_text(const Day& day);
void passes_known_values(const Day& day);
void uses_live_handles(const Day& day);
void ends_handles_once(const Day& day);
void does_not_overlap(const Day& day);
void releases_results(const Day& day);
void releases_problems(const Day& day);
void releases_operations(const Day& day);
void reads_refusals(const Day& day);
}  // namespace host_calls

namespace host_events {
void pulls_events(const Day& day);
void does_not_spin(const Day& day);
void answers_requests(const Day& day);
void answers_once(const Day& day);
void signs_the_identity(const Day& day);
void identity_is_fresh(const Day& day);
void gives_the_record_asked_for(const Day& day);
void refuses_what_it_cannot_give(const Day& day);
void waits_for_the_identity(const Day& day);
void ignores_unknown_kinds(const Day& day);
}  // namespace host_events

namespace host_flags {
void watches_first(const Day& day);
void reads_again(const Day& day);
void asks_for_words(const Day& day);
void keeps_last_known(const Day& day);
void keeps_unknown_flags(const Day& day);
void sends_receipts(const Day& day);
void shows_what_it_read(const Day& day);
}  // namespace host_flags

namespace host_patient {
void names_patients(const Day& day);
void accepts_the_refusal(const Day& day);
void asks_before_leaving(const Day& day);
void reads_why_to_stay(const Day& day);
void closes_patients(const Day& day);
void closes_before_the_next(const Day& day);
}  // namespace host_patient

namespace host_panel {
void offers_what_is_offered(const Day& day);
void views_before_changing(const Day& day);
void views_again(const Day& day);
void waits_for_the_plan(const Day& day);
void sends_items(const Day& day);
void validates(const Day& day);
void submits_once(const Day& day);
void does_not_submit_what_was_lost(const Day& day);
void leaves_conflicts_to_people(const Day& day);
}  // namespace host_panel

}  // namespace careplug::tools
