#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;

careplug_status careplug_session_open(careplug_handle loader, const char* host_kind,
                                      uint64_t host_kind_length, const char* workstation,
                                      uint64_t workstation_length, careplug_handle* session,
                                      careplug_handle* problem) {
    return guarded([&] {
        Outs outs(problem, session);
        Check check;
        check.needed(session, "session");
        const std::string_view kind = check.text(host_kind, host_kind_length, "host_kind");
        const std::string_view place = check.text(workstation, workstation_length, "workstation");
        // One frame with descriptors has to fit one write.
        if (kind.size() > 256 || place.size() > 1024) check.fail("host_kind or workstation is too long");
        if (!check.ok()) return outs.give(check.refused());
        const auto found = handles().find<Loader>(loader);
        if (!found) return outs.give(wrong_handle(found));
        Answer answer = found.object->open_session(kind, place, loader);
        if (answer.status < CAREPLUG_REFUSED) *session = answer.created;
        return outs.give(std::move(answer));
    });
}

careplug_status careplug_session_close(careplug_handle session) {
    return guarded([&] {
        Outs outs(nullptr);
        return as_call<Session>(session, outs, [&](Session& open, Session&) {
            const Answer answer =
                open.call(Call::session_close, careplug::wire::encode<Call::session_close>(0));
            open.close();
            if (const auto loader = handles().find<Loader>(open.loader())) loader.object->forget(session);
            handles().remove(session);
            // It is closed whatever the engine says: the end of the sockets closes it there.
            Answer closed;
            closed.status = answer.status < CAREPLUG_REFUSED ? answer.status : CAREPLUG_OK;
            return closed;
        });
    });
}

careplug_status careplug_session_state(careplug_handle session, careplug_handle* result,
                                       careplug_handle* problem) {
    return guarded([&] {
        Outs outs(problem, result);
        Check check;
        check.needed(result, "result");
        return forward<Call::session_state, Session>(session, outs, check);
    });
}

careplug_status careplug_wait_handle(careplug_handle session, int64_t* wait_handle) {
    return guarded([&] {
        if (!wait_handle) return careplug_status{CAREPLUG_REFUSED_ARGUMENT};
        *wait_handle = -1;
        const auto found = handles().find<Session>(session);
        if (!found) return careplug_status{CAREPLUG_REFUSED_HANDLE};
        *wait_handle = found.object->wait_handle();
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_next_event(careplug_handle session, careplug_event* event) {
    return guarded([&] {
        const std::uint32_t size = record_size(event);
        if (size == 0) return careplug_status{CAREPLUG_REFUSED_ARGUMENT};
        const auto found = handles().find<Session>(session);
        fill_record(event, careplug_event{}, size);
        if (!found) return careplug_status{CAREPLUG_REFUSED_HANDLE};
        const careplug_event next = found.object->next_event();
        fill_record(event, next, size);
        return careplug_status{next.kind == CAREPLUG_EVENT_NONE ? CAREPLUG_OK_NONE : CAREPLUG_OK};
    });
}

careplug_status careplug_complete(careplug_handle session, careplug_handle request, careplug_status status,
                                  const char* body, uint64_t body_length, careplug_handle* problem) {
    return guarded([&] {
        Outs outs(problem);
        Check check;
        const std::string_view text = check.text(body, body_length, "body");
        check.one_of(status == CAREPLUG_OK || (status >= CAREPLUG_REFUSED && status < CAREPLUG_FAILED),
                     "status");
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Session>(session, outs, [&](Session& open, Session&) {
            const auto asked = handles().find<Request>(request);
            if (!asked) return wrong_handle(asked);
            if (asked.object->session.get() != &open)
                return refusal(CAREPLUG_REFUSED_HANDLE, "This request was asked by another session.",
                               "the host passed a request of another session");
            Answer answer = open.call(Call::complete, careplug::wire::encode<Call::complete>(
                                                          0, asked.object->id, std::int64_t{status}, text));
            // Refused, it may be answered again.
            if (answer.status < CAREPLUG_REFUSED || answer.status == CAREPLUG_REFUSED_HANDLE)
                open.answered(asked.object->id);
            return answer;
        });
    });
}
