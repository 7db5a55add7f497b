// The states of what a handle stands for. The diagram in docs/states.md and the allowed calls are made from
// these tables.
#ifndef CAREPLUG_WIRE_STATES_H
#define CAREPLUG_WIRE_STATES_H

#include <careplug/base.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace careplug::wire {

enum class Object : std::uint8_t {
    loader,
    session,
    patient,
    panel,
    operation,
    request,
    result,
    policy,
    none,
};

enum class State : std::uint8_t {
    loader_open,
    loader_stopped,
    loader_closed,
    session_signed_out,
    session_signed_in,
    session_calling,
    session_stopped,
    session_closed,
    patient_open,
    patient_closed,
    panel_loading,
    panel_reading,
    panel_editing,
    panel_conflict,
    panel_sending,
    panel_closed,
    operation_queued,
    operation_done,
    operation_unknown,
    operation_released,
    request_asked,
    request_answered,
    result_held,
    result_released,
    policy_open,
    policy_closed,
};

// Who knows the state, and so refuses.
enum class Keeper : std::uint8_t { loader, engine, helper };

struct StateRow {
    State state;
    Object object;
    Keeper keeper;
    std::string_view name;
    std::string_view meaning;
    careplug_status refusal;  // of a call that is not allowed here
};

inline constexpr std::array states{
    StateRow{State::loader_open, Object::loader, Keeper::loader, "open", "the engine runs", 0},
    StateRow{State::loader_stopped, Object::loader, Keeper::loader, "stopped", "the engine is gone",
             CAREPLUG_FAILED_ENGINE},
    StateRow{State::loader_closed, Object::loader, Keeper::loader, "closed", "", CAREPLUG_REFUSED_HANDLE},
    StateRow{State::session_signed_out, Object::session, Keeper::engine, "signed out",
             "no valid identity: a request for it waits", CAREPLUG_REFUSED_SIGNED_OUT},
    StateRow{State::session_signed_in, Object::session, Keeper::engine, "signed in", "", 0},
    StateRow{State::session_calling, Object::session, Keeper::loader, "calling",
             "a call of this session has not returned", CAREPLUG_REFUSED_BUSY},
    StateRow{State::session_stopped, Object::session, Keeper::loader, "stopped",
             "the engine is gone; every flag is NOT_KNOWN", CAREPLUG_FAILED_ENGINE},
    StateRow{State::session_closed, Object::session, Keeper::loader, "closed", "", CAREPLUG_REFUSED_HANDLE},
    StateRow{State::patient_open, Object::patient, Keeper::loader, "open", "", 0},
    StateRow{State::patient_closed, Object::patient, Keeper::loader, "closed", "", CAREPLUG_REFUSED_HANDLE},
    StateRow{State::panel_loading, Object::panel, Keeper::engine, "loading", "the plan has not arrived",
             CAREPLUG_REFUSED},
    StateRow{State::panel_reading, Object::panel, Keeper::engine, "reading", "opened to read",
             CAREPLUG_REFUSED},
    StateRow{State::panel_editing, Object::panel, Keeper::engine, "editing",
             "opened to create, edit, continue or note", CAREPLUG_REFUSED},
    StateRow{State::panel_conflict, Object::panel, Keeper::engine, "conflict",
             "someone else published meanwhile, and a unit is undecided", CAREPLUG_REFUSED_CONFLICT},
    StateRow{State::panel_sending, Object::panel, Keeper::engine, "sending",
             "submitted, and the operation is not complete", CAREPLUG_REFUSED},
    StateRow{State::panel_closed, Object::panel, Keeper::loader, "closed", "", CAREPLUG_REFUSED_HANDLE},
    StateRow{State::operation_queued, Object::operation, Keeper::engine, "queued",
             "durable here, not yet visible to others", 0},
    StateRow{State::operation_done, Object::operation, Keeper::engine, "done", "its status says how", 0},
    StateRow{State::operation_unknown, Object::operation, Keeper::loader, "unknown",
             "interrupted; the outcome is not known", 0},
    StateRow{State::operation_released, Object::operation, Keeper::loader, "released", "",
             CAREPLUG_REFUSED_HANDLE},
    StateRow{State::request_asked, Object::request, Keeper::loader, "asked", "", 0},
    StateRow{State::request_answered, Object::request, Keeper::loader, "answered", "",
             CAREPLUG_REFUSED_HANDLE},
    StateRow{State::result_held, Object::result, Keeper::loader, "held", "", 0},
    StateRow{State::result_released, Object::result, Keeper::loader, "released", "", CAREPLUG_REFUSED_HANDLE},
    StateRow{State::policy_open, Object::policy, Keeper::helper, "open", "", 0},
    StateRow{State::policy_closed, Object::policy, Keeper::helper, "closed", "", CAREPLUG_REFUSED_HANDLE},
};

constexpr const StateRow& row(State state) {
    return states[static_cast<std::size_t>(state)];
}

// A set of states.
class States {
public:
    constexpr States() = default;
    constexpr States(State state) : bits_(1U << static_cast<unsigned>(state)) {}
    friend constexpr States operator|(States a, States b) {
        a.bits_ |= b.bits_;
        return a;
    }
    constexpr bool has(State state) const { return (bits_ & States(state).bits_) != 0; }
    constexpr bool any_of(Object object) const {
        for (const StateRow& each : states)
            if (each.object == object && has(each.state)) return true;
        return false;
    }

private:
    std::uint32_t bits_ = 0;
};

constexpr States operator|(State a, State b) {
    return States(a) | States(b);
}

// The first line of each object gives the state that it starts in; `by` is a function or an event.
struct Transition {
    Object object;
    std::string_view from;  // empty: the object is made
    std::string_view to;
    std::string_view by;
};

inline constexpr std::array transitions{
    Transition{Object::loader, "", "open", "careplug_open"},
    Transition{Object::loader, "open", "stopped", "the engine ends"},
    Transition{Object::loader, "stopped", "open", "the next engine runs"},
    Transition{Object::loader, "open", "closed", "careplug_close"},
    Transition{Object::loader, "stopped", "closed", "careplug_close"},

    Transition{Object::session, "", "signed out", "careplug_session_open"},
    Transition{Object::session, "signed out", "signed in", "careplug_complete of the identity request"},
    Transition{Object::session, "signed in", "signed out", "the identity ran out or was refused"},
    Transition{Object::session, "signed out", "calling", "a function of thread session is called"},
    Transition{Object::session, "signed in", "calling", "a function of thread session is called"},
    Transition{Object::session, "calling", "signed out", "it returns"},
    Transition{Object::session, "calling", "signed in", "it returns"},
    Transition{Object::session, "signed out", "stopped", "EVENT_ENGINE"},
    Transition{Object::session, "signed in", "stopped", "EVENT_ENGINE"},
    Transition{Object::session, "calling", "stopped", "the engine ends, or its deadline passes"},
    Transition{Object::session, "stopped", "signed out", "the next engine runs"},
    Transition{Object::session, "calling", "closed", "careplug_close by another thread"},
    Transition{Object::session, "signed out", "closed", "careplug_session_close, careplug_close"},
    Transition{Object::session, "signed in", "closed", "careplug_session_close, careplug_close"},
    Transition{Object::session, "stopped", "closed", "careplug_session_close, careplug_close"},

    Transition{Object::patient, "", "open", "careplug_patient_open"},
    Transition{Object::patient, "open", "closed", "careplug_patient_close, or its session closes"},

    Transition{Object::panel, "", "loading", "careplug_panel_open to read or edit a published plan"},
    Transition{Object::panel, "", "reading", "careplug_panel_open to read a plan that is not active"},
    Transition{Object::panel, "", "editing", "careplug_panel_open to create, continue or note"},
    Transition{Object::panel, "loading", "reading", "EVENT_PANEL"},
    Transition{Object::panel, "loading", "editing", "EVENT_PANEL"},
    Transition{Object::panel, "editing", "sending", "careplug_panel_submit"},
    Transition{Object::panel, "sending", "reading", "EVENT_OPERATION of a publish that is done"},
    Transition{Object::panel, "sending", "editing", "EVENT_OPERATION otherwise"},
    Transition{Object::panel, "sending", "conflict", "EVENT_OPERATION with REFUSED_CONFLICT"},
    Transition{Object::panel, "editing", "conflict", "a draft is continued that another revision overtook"},
    Transition{Object::panel, "conflict", "editing", "careplug_panel_resolve of the last unit"},
    Transition{Object::panel, "conflict", "editing", "careplug_panel_discard"},
    Transition{Object::panel, "loading", "closed", "careplug_panel_close, or its patient closes"},
    Transition{Object::panel, "reading", "closed", "careplug_panel_close, or its patient closes"},
    Transition{Object::panel, "editing", "closed", "careplug_panel_close, or its patient closes"},
    Transition{Object::panel, "conflict", "closed", "careplug_panel_close, or its patient closes"},
    Transition{Object::panel, "sending", "closed", "careplug_panel_close, or its patient closes"},

    Transition{Object::operation, "", "queued", "careplug_panel_submit, or EVENT_OPERATION names it"},
    Transition{Object::operation, "queued", "done", "EVENT_OPERATION"},
    Transition{Object::operation, "queued", "unknown", "the session closes or the engine ends"},
    Transition{Object::operation, "unknown", "queued", "the next engine found it waiting"},
    Transition{Object::operation, "unknown", "done", "the next engine found how it ended: EVENT_OPERATION"},
    Transition{Object::operation, "queued", "released", "careplug_release"},
    Transition{Object::operation, "done", "released", "careplug_release"},
    Transition{Object::operation, "unknown", "released", "careplug_release"},

    Transition{Object::request, "", "asked", "EVENT_REQUEST"},
    Transition{Object::request, "asked", "answered", "careplug_complete"},

    Transition{Object::result, "", "held", "whatever gives a result, a problem or the body of an event"},
    Transition{Object::result, "held", "released", "careplug_release"},

    Transition{Object::policy, "", "open", "careplug_policy.open"},
    Transition{Object::policy, "open", "closed", "careplug_policy.close"},
};

namespace detail {
constexpr bool states_in_order() {
    for (std::size_t i = 0; i < states.size(); ++i)
        if (static_cast<std::size_t>(states[i].state) != i) return false;
    return states.size() <= 32;
}
static_assert(states_in_order(), "the table is indexed by state");

constexpr bool named(Object object, std::string_view name) {
    if (name.empty()) return true;
    for (const StateRow& each : states)
        if (each.object == object && each.name == name) return true;
    return false;
}
constexpr bool transitions_are_named() {
    for (const Transition& each : transitions)
        if (!named(each.object, each.from) || !named(each.object, each.to) || each.to.empty()) return false;
    return true;
}
static_assert(transitions_are_named(), "a transition leads between states of its object");
}  // namespace detail

}  // namespace careplug::wire

#endif
