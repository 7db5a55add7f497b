// One function for each requirement; the table in registry.cpp says what each is about.
#pragma once

#include "trial.h"

namespace careplug::tools {

namespace loading {
void loads(const Trial& trial);
void exports_one_symbol(const Trial& trial);
void needs_libc_alone(const Trial& trial);
void accepts_its_own_version(const Trial& trial);
void refuses_another_major(const Trial& trial);
void refuses_another_minor(const Trial& trial);
void refuses_another_candidate(const Trial& trial);
void refusal_says_what_to_do(const Trial& trial);
void refusal_gives_no_table(const Trial& trial);
void shakes_hands_twice(const Trial& trial);
void accepts_larger_records(const Trial& trial);
void writes_no_further_than_told(const Trial& trial);
void refuses_a_short_offer(const Trial& trial);
void table_is_whole(const Trial& trial);
void describes_itself(const Trial& trial);
void loads_again(const Trial& trial);
}  // namespace loading

namespace calls {
void opens_a_session(const Trial& trial);
void refuses_a_bad_session(const Trial& trial);
void tells_the_length(const Trial& trial);
void fills_exact_room(const Trial& trial);
void writes_within_capacity(const Trial& trial);
void refuses_null_results(const Trial& trial);
void reads_no_further_than_told(const Trial& trial);
void refuses_what_is_no_json(const Trial& trial);
void refuses_truncated_documents(const Trial& trial);
void refuses_an_absent_document(const Trial& trial);
void refuses_invalid_utf8(const Trial& trial);
void refuses_nul(const Trial& trial);
void refuses_deep_nesting(const Trial& trial);
void refuses_oversized_documents(const Trial& trial);
void survives_wrong_shapes(const Trial& trial);
void refusals_quote_nobody(const Trial& trial);
void survives_impossible_times(const Trial& trial);
void refuses_unknown_handles(const Trial& trial);
void refuses_closed_handles(const Trial& trial);
void closing_twice_harms_nobody(const Trial& trial);
void answers_in_time(const Trial& trial);
}  // namespace calls

namespace flags {
void cpr_is_not_covered(const Trial& trial);
void knowledge_is_not_covered(const Trial& trial);
void cpr_and_knowledge_lead(const Trial& trial);
void keeps_what_came(const Trial& trial);
void keeps_what_is_unknown(const Trial& trial);
void draws_unknown_slots(const Trial& trial);
void a_cover_stands_for_what_it_covers(const Trial& trial);
void warnings_are_not_covered(const Trial& trial);
void follows_the_stride(const Trial& trial);
void accepts_longer_records(const Trial& trial);
void refuses_bad_arrays(const Trial& trial);
void accepts_an_empty_batch(const Trial& trial);
void patients_do_not_mix(const Trial& trial);
void time_does_not_change_order(const Trial& trial);
void ordering_again_changes_nothing(const Trial& trial);
}  // namespace flags

namespace actions {
void creates_only_where_there_is_none(const Trial& trial);
void creates_only_where_that_is_fresh(const Trial& trial);
void edits_only_with_the_right(const Trial& trial);
void notes_only_with_the_right(const Trial& trial);
void edits_only_what_is_known(const Trial& trial);
void nothing_of_a_withdrawn_plan(const Trial& trial);
void nothing_while_a_change_waits(const Trial& trial);
void continues_only_a_draft(const Trial& trial);
void ids_are_known_and_once(const Trial& trial);
void labels_are_words(const Trial& trial);
void unknown_knowledge_is_not_known(const Trial& trial);
}  // namespace actions

namespace panel {
void asks_known_fields(const Trial& trial);
void asks_once(const Trial& trial);
void asks_what_is_required(const Trial& trial);
void asks_what_is_safety_critical(const Trial& trial);
void mode_fits_the_action(const Trial& trial);
void no_form_without_the_right(const Trial& trial);
void reading_shows_the_cpr_decision(const Trial& trial);
void reading_keeps_to_the_view(const Trial& trial);
void refuses_unknown_requests(const Trial& trial);
}  // namespace panel

namespace first_answers {
void are_a_response(const Trial& trial);
void identity_is_the_records(const Trial& trial);
void are_of_this_patient(const Trial& trial);
void cpr_is_not_prefilled(const Trial& trial);
void consent_is_not_prefilled(const Trial& trial);
void decisions_are_not_invented(const Trial& trial);
void unread_allergies_are_not_none(const Trial& trial);
void allergies_are_carried(const Trial& trial);
void editing_starts_from_the_published(const Trial& trial);
void record_does_not_replace_the_published(const Trial& trial);
void continuing_starts_from_the_draft(const Trial& trial);
void reading_shows_no_draft(const Trial& trial);
void long_text_is_kept(const Trial& trial);
void legacy_codes_are_kept(const Trial& trial);
}  // namespace first_answers

namespace output {
void check_gives_an_outcome(const Trial& trial);
void check_speaks(const Trial& trial);
void check_names_known_fields(const Trial& trial);
void summary_is_whole(const Trial& trial);
void summary_says_cpr(const Trial& trial);
void summary_invents_no_cpr(const Trial& trial);
void summary_escapes(const Trial& trial);
void summary_runs_nothing(const Trial& trial);
void summary_says_as_of_when(const Trial& trial);
void summary_names_the_person(const Trial& trial);
void summary_is_of_this_plan(const Trial& trial);
void summary_keeps_masked_answers(const Trial& trial);
void summary_withholds_withdrawn_plans(const Trial& trial);
void summary_keeps_long_text(const Trial& trial);
void entries_are_coded(const Trial& trial);
void entries_are_of_the_plan(const Trial& trial);
void entries_use_current_codes(const Trial& trial);
void entries_are_filed_once(const Trial& trial);
void nothing_is_filed_of_inactive_plans(const Trial& trial);
}  // namespace output

namespace purity {
void same_answer_twice(const Trial& trial);
void same_answer_after_other_calls(const Trial& trial);
void same_answer_in_a_new_session(const Trial& trial);
void sessions_do_not_mix(const Trial& trial);
void same_answer_in_another_process(const Trial& trial);
void same_answer_in_another_environment(const Trial& trial);
void clock_does_not_matter(const Trial& trial);
}  // namespace purity

namespace manners {
void opens_no_descriptors(const Trial& trial);
void starts_no_threads(const Trial& trial);
void leaves_signals_alone(const Trial& trial);
void leaves_surroundings_alone(const Trial& trial);
void leaves_floating_point_alone(const Trial& trial);
void prints_nothing(const Trial& trial);
void asks_the_kernel_for_memory_alone(const Trial& trial);
void calls_leave_no_memory(const Trial& trial);
void sessions_leave_no_memory(const Trial& trial);
}  // namespace manners

}  // namespace careplug::tools
