// The vocabulary of the contract's table (functions.h).
#ifndef CAREPLUG_WIRE_CONTRACT_H
#define CAREPLUG_WIRE_CONTRACT_H

#include <careplug/wire/states.h>

namespace careplug::wire {

enum class Function : std::uint8_t {
    open,
    close,
    result,
    problem_detail,
    release,
    session_open,
    session_close,
    session_state,
    wait_handle,
    next_event,
    complete,
    watch,
    flags,
    word,
    flag_details,
    receipt,
    patient_open,
    patient_may_close,
    patient_close,
    actions,
    panel_open,
    panel_view,
    panel_form,
    panel_response,
    panel_summary,
    panel_update,
    panel_validate,
    panel_submit,
    panel_resolve,
    panel_reveal,
    panel_discard,
    panel_close,
    operation,
    operation_cancel,
    policy_describe,
    policy_open,
    policy_close,
    policy_flags,
    policy_actions,
    policy_panel,
    policy_check,
    policy_summary,
    policy_write_back,
    policy_entry,
    none,  // no function: what the engine does by itself
};

// What goes to the engine, by its number on the wire.
enum class Call : std::uint32_t {
    none = 0,  // answered by the loader, or the hello and the end of control
    session_open = 1,
    session_close,
    session_state,
    complete,
    watch,
    flag_details,
    receipt,
    patient_open,
    patient_may_close,
    patient_close,
    actions,
    panel_open,
    panel_view,
    panel_form,
    panel_response,
    panel_summary,
    panel_update,
    panel_validate,
    panel_submit,
    panel_resolve,
    panel_reveal,
    panel_discard,
    panel_close,
    operation_cancel,
};

enum class Thread : std::uint8_t { any_thread, session, policy };
enum class Deadline : std::uint8_t { instant, local, switching };

// The closed set. What goes to the engine stands first; `result` and `created` are what its reply carries: a
// text, and the id of a new object.
enum class Parameter : std::uint8_t {
    none,
    integer,
    handle,
    text,
    patient,
    patients,
    result,
    created,
    problem,
    record_in,
    record_out,
    records,               // base, stride, count; in and out
    patients_and_records,  // two arrays of one count
    integer_out,
    text_view,  // of memory that the handle keeps
    text_out,   // into the caller's room
    time,
};

struct Contract {
    Function function;
    Call call;
    std::string_view name;
    Thread thread;
    Object object;  // of the first handle; none: no handle needed
    Deadline deadline;
    std::array<Parameter, 6> parameters;  // after that handle
    States allowed;
};

}  // namespace careplug::wire

#endif
