#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;
using careplug::wire::Function;

careplug_status careplug_session_open(careplug_handle loader, const char* host_kind,
                                      uint64_t host_kind_length, const char* workstation,
                                      uint64_t workstation_length, careplug_handle* session,
                                      careplug_handle* problem) {
    return guarded<Function::session_open>([&] {
        Outs outs(problem, session);
        Check check(Function::session_open);
        check.needed(session, "session");
        const std::string_view kind = check.text(host_kind, host_kind_length, "host_kind");
        const std::string_view place = check.text(workstation, workstation_length, "workstation");
        // One frame with descriptors has to fit one write.
        if (kind.size() > 256 || place.size() > 1024) check.fail("host_kind or workstation is too long");
        if (!check.ok()) return outs.give(check.refused());
        const auto found = handles().find<Loader>(loader);
        if (!found) return outs.give(wrong_handle(Function::session_open, found));
        Answer answer = found.object->open_session(kind, place, loader);
        if (answer.status < CAREPLUG_REFUSED) *session = answer.created;
        return outs.give(std::move(answer));
    });
}

careplug_status careplug_session_close(careplug_handle session) {
    return guarded<Function::session_close>([&] {
        Outs outs;
        return as_call<Function::session_close, Session>(session, outs, [&](Session& open, Session&) {
            const Answer answer =
                open.call(Call::session_close, careplug::wire::encode<Call::session_close>(0));
            open.close(Function::session_close);
            if (const auto loader = handles().find<Loader>(open.loader()))
                loader.object->forget(session, Function::session_close);
            handles().remove(session, Function::session_close);
            // It is closed whatever the engine says: the end of the sockets closes it there.
            Answer closed;
            closed.status = answer.status < CAREPLUG_REFUSED ? answer.status : CAREPLUG_OK;
            return closed;
        });
    });
}

careplug_status careplug_session_state(careplug_handle session, careplug_handle* result,
                                       careplug_handle* problem) {
    return guarded<Function::session_state>([&] {
        Outs outs(problem, result);
        Check check(Function::session_state);
        check.needed(result, "result");
        return forward<Call::session_state, Session>(session, outs, check);
    });
}

careplug_status careplug_wait_handle(careplug_handle session, int64_t* wait_handle) {
    return guarded<Function::wait_handle>([&] {
        Outs outs;
        Check check(Function::wait_handle);
        check.needed(wait_handle, "wait_handle");
        if (!check.ok()) return outs.give(check.refused());
        *wait_handle = -1;
        const auto found = handles().find<Session>(session);
        if (!found) return outs.give(wrong_handle(Function::wait_handle, found));
        *wait_handle = found.object->wait_handle();
        if (*wait_handle < 0)
            return outs.give(closed_session(Function::wait_handle, found.object->closed_by()));
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_next_event(careplug_handle session, careplug_event* event) {
    return guarded<Function::next_event>([&] {
        Outs outs;
        Check check(Function::next_event);
        const std::uint32_t size = check.record(event, "event");
        if (!check.ok()) return outs.give(check.refused());
        const auto found = handles().find<Session>(session);
        fill_record(event, careplug_event{}, size);
        if (!found) return outs.give(wrong_handle(Function::next_event, found));
        const careplug_event next = found.object->next_event();
        if (trace().on() && next.kind != CAREPLUG_EVENT_NONE) [[unlikely]]
            trace().handed("event " + std::to_string(next.kind) + ' ' + std::to_string(next.subject) + ' ' +
                           std::to_string(next.body));
        fill_record(event, next, size);
        return careplug_status{next.kind == CAREPLUG_EVENT_NONE ? CAREPLUG_OK_NONE : CAREPLUG_OK};
    });
}

careplug_status careplug_complete(careplug_handle session, careplug_handle request, careplug_status status,
                                  const char* body, uint64_t body_length, careplug_handle* problem) {
    return guarded<Function::complete>([&] {
        Outs outs(problem);
        Check check(Function::complete);
        const std::string_view text = check.text(body, body_length, "body");
        check.one_of(status == CAREPLUG_OK || (status >= CAREPLUG_REFUSED && status < CAREPLUG_FAILED),
                     "status");
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Function::complete, Session>(session, outs, [&](Session& open, Session&) {
            const auto asked = handles().find<Request>(request);
            if (!asked) return wrong_handle(Function::complete, asked);
            if (asked.object->session.get() != &open)
                return mistake(Function::complete, CAREPLUG_REFUSED_HANDLE,
                               "with a request that another session asked");
            Answer answer = open.call(Call::complete, careplug::wire::encode<Call::complete>(
                                                          0, asked.object->id, std::int64_t{status}, text));
            // Refused, it may be answered again.
            if (answer.status < CAREPLUG_REFUSED || answer.status == CAREPLUG_REFUSED_HANDLE)
                open.answered(asked.object->id);
            return answer;
        });
    });
}
