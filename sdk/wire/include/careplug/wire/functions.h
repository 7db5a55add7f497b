// The one table of the contract: every function of host.h and of a plugin, with its thread, the object and
// the states it needs, its deadline class and its parameters. The wire format (calls.h), the loader's state
// check and trace, the random calls of the tests and docs/states.md come from it.
#ifndef CAREPLUG_WIRE_FUNCTIONS_H
#define CAREPLUG_WIRE_FUNCTIONS_H

#include <careplug/wire/contract.h>

namespace careplug::wire {

namespace detail {
inline constexpr States any_time;
inline constexpr States signed_in = State::session_signed_in;
inline constexpr States ready = State::session_signed_out | State::session_signed_in;
inline constexpr States closing = ready | State::session_stopped;
inline constexpr States at_any_time = closing | State::session_calling;
inline constexpr States editable = State::panel_editing | State::panel_conflict;
inline constexpr States arrived = editable | State::panel_reading | State::panel_sending;
inline constexpr States any_panel = arrived | State::panel_loading;
inline constexpr States any_operation =
    State::operation_queued | State::operation_done | State::operation_unknown;

template <class... Each>
constexpr std::array<Parameter, 6> taking(Each... parameters) {
    return {parameters...};
}

constexpr auto make_functions() {
    using enum Thread;
    using enum Deadline;
    using enum Parameter;
    return std::array{
        Contract{Function::open, Call::none, "careplug_open", any_thread, Object::none, local,
                 taking(record_in, record_out, text, text, created, problem), any_time},
        Contract{Function::close, Call::none, "careplug_close", any_thread, Object::loader, local, taking(),
                 State::loader_open | State::loader_stopped},
        Contract{Function::result, Call::none, "careplug_result", any_thread, Object::result, instant,
                 taking(text_view), State::result_held},
        Contract{Function::problem_detail, Call::none, "careplug_problem_detail", any_thread, Object::result,
                 instant, taking(text_view), State::result_held},
        Contract{Function::release, Call::none, "careplug_release", any_thread, Object::result, instant,
                 taking(), State::result_held | any_operation},
        Contract{Function::session_open, Call::session_open, "careplug_session_open", any_thread,
                 Object::loader, local, taking(text, text, created, problem), State::loader_open},
        Contract{Function::session_close, Call::session_close, "careplug_session_close", session,
                 Object::session, local, taking(), closing},
        Contract{Function::session_state, Call::session_state, "careplug_session_state", session,
                 Object::session, local, taking(result, problem), ready},
        Contract{Function::wait_handle, Call::none, "careplug_wait_handle", any_thread, Object::session,
                 instant, taking(integer_out), at_any_time},
        Contract{Function::next_event, Call::none, "careplug_next_event", any_thread, Object::session,
                 instant, taking(record_out), at_any_time},
        Contract{Function::complete, Call::complete, "careplug_complete", session, Object::session, local,
                 taking(handle, integer, text, problem), ready | State::request_asked},
        Contract{Function::watch, Call::watch, "careplug_watch", session, Object::session, local,
                 taking(patients, problem), ready},
        Contract{Function::flags, Call::none, "careplug_flags", any_thread, Object::session, instant,
                 taking(patients_and_records), at_any_time},
        Contract{Function::word, Call::none, "careplug_word", any_thread, Object::session, instant,
                 taking(integer, record_out), at_any_time},
        Contract{Function::flag_details, Call::flag_details, "careplug_flag_details", session,
                 Object::session, local, taking(patient, result, problem), ready},
        Contract{Function::receipt, Call::receipt, "careplug_receipt", session, Object::session, local,
                 taking(patient, integer, text, problem), ready},
        Contract{Function::patient_open, Call::patient_open, "careplug_patient_open", session,
                 Object::session, local, taking(patient, text, integer, text, created, problem), signed_in},
        Contract{Function::patient_may_close, Call::patient_may_close, "careplug_patient_may_close", session,
                 Object::patient, switching, taking(problem), ready | State::patient_open},
        Contract{Function::patient_close, Call::patient_close, "careplug_patient_close", session,
                 Object::patient, switching, taking(), closing | State::patient_open},
        Contract{Function::actions, Call::actions, "careplug_actions", session, Object::patient, local,
                 taking(result, problem), signed_in | State::patient_open},
        Contract{Function::panel_open, Call::panel_open, "careplug_panel_open", session, Object::patient,
                 local, taking(text, created, problem), signed_in | State::patient_open},
        Contract{Function::panel_view, Call::panel_view, "careplug_panel_view", session, Object::panel, local,
                 taking(result, problem), signed_in | any_panel},
        Contract{Function::panel_form, Call::panel_form, "careplug_panel_form", session, Object::panel, local,
                 taking(result, problem), ready | any_panel},
        Contract{Function::panel_response, Call::panel_response, "careplug_panel_response", session,
                 Object::panel, local, taking(result, problem), signed_in | any_panel},
        Contract{Function::panel_summary, Call::panel_summary, "careplug_panel_summary", session,
                 Object::panel, local, taking(result, problem), signed_in | arrived},
        Contract{Function::panel_update, Call::panel_update, "careplug_panel_update", session, Object::panel,
                 local, taking(text, result, problem), signed_in | State::panel_editing},
        Contract{Function::panel_validate, Call::panel_validate, "careplug_panel_validate", session,
                 Object::panel, local, taking(integer, result, problem), signed_in | editable},
        Contract{Function::panel_submit, Call::panel_submit, "careplug_panel_submit", session, Object::panel,
                 local, taking(integer, created, problem), signed_in | State::panel_editing},
        Contract{Function::panel_resolve, Call::panel_resolve, "careplug_panel_resolve", session,
                 Object::panel, local, taking(text, integer, result, problem), signed_in | editable},
        Contract{Function::panel_reveal, Call::panel_reveal, "careplug_panel_reveal", session, Object::panel,
                 local, taking(text, result, problem), signed_in | any_panel},
        Contract{Function::panel_discard, Call::panel_discard, "careplug_panel_discard", session,
                 Object::panel, local, taking(problem), signed_in | editable},
        Contract{Function::panel_close, Call::panel_close, "careplug_panel_close", session, Object::panel,
                 local, taking(), closing | any_panel},
        Contract{Function::operation, Call::none, "careplug_operation", any_thread, Object::operation,
                 instant, taking(record_out), at_any_time | State::session_closed | any_operation},
        Contract{Function::operation_cancel, Call::operation_cancel, "careplug_operation_cancel", session,
                 Object::operation, local, taking(problem), ready | any_operation},
        Contract{Function::policy_describe, Call::none, "careplug_policy.describe", policy, Object::none,
                 instant, taking(text_out), any_time},
        Contract{Function::policy_open, Call::none, "careplug_policy.open", policy, Object::none, local,
                 taking(text, created), any_time},
        Contract{Function::policy_close, Call::none, "careplug_policy.close", policy, Object::policy, instant,
                 taking(), State::policy_open},
        Contract{Function::policy_flags, Call::none, "careplug_policy.flags", policy, Object::policy, instant,
                 taking(records, time), State::policy_open},
        Contract{Function::policy_actions, Call::none, "careplug_policy.actions", policy, Object::policy,
                 local, taking(text, time, text_out), State::policy_open},
        Contract{Function::policy_panel, Call::none, "careplug_policy.panel", policy, Object::policy, local,
                 taking(text, time, text_out), State::policy_open},
        Contract{Function::policy_check, Call::none, "careplug_policy.check", policy, Object::policy, local,
                 taking(text, time, text_out), State::policy_open},
        Contract{Function::policy_summary, Call::none, "careplug_policy.summary", policy, Object::policy,
                 local, taking(text, time, text_out), State::policy_open},
        Contract{Function::policy_write_back, Call::none, "careplug_policy.write_back", policy,
                 Object::policy, local, taking(text, time, text_out), State::policy_open},
        Contract{Function::policy_entry, Call::none, "careplug_entry", policy, Object::none, instant,
                 taking(record_in, record_out), any_time},
    };
}
}  // namespace detail

inline constexpr std::array functions = detail::make_functions();

constexpr const Contract& contract(Function function) {
    return functions[static_cast<std::size_t>(function)];
}
// Every function is allowed in states of its object; of an object that it says nothing about it needs
// nothing.
constexpr bool allowed(Function function, State state) {
    const States& needed = contract(function).allowed;
    return !needed.any_of(row(state).object) || needed.has(state);
}

namespace detail {
constexpr bool functions_in_order() {
    for (std::size_t i = 0; i < functions.size(); ++i)
        if (static_cast<std::size_t>(functions[i].function) != i) return false;
    return functions.size() == static_cast<std::size_t>(Function::none);
}
static_assert(functions_in_order(), "the table is indexed by function");

constexpr bool threads_fit_states() {
    for (const Contract& each : functions) {
        const bool needs_session = each.allowed.any_of(Object::session);
        if (needs_session && each.allowed.has(State::session_calling) != (each.thread == Thread::any_thread))
            return false;
        if (each.thread == Thread::session && !needs_session) return false;
        if (each.object != Object::none && !each.allowed.any_of(each.object)) return false;
    }
    return true;
}
static_assert(threads_fit_states(),
              "any-thread functions are never busy, session functions are one at a time");
}  // namespace detail

}  // namespace careplug::wire

#endif
