#include "loader.h"

namespace careplug::loader {

Answer Loader::open(std::string host_name, std::string settings) {
    return supervisor_->start(std::move(host_name), std::move(settings));
}

Answer Loader::open_session(std::string_view host_kind, std::string_view workstation, careplug_handle self) {
    SocketPair calls = socket_pair();
    SocketPair events = socket_pair();
    std::uint64_t engine = 0;
    const auto session = std::make_shared<Session>(self, supervisor_, host_kind, workstation);
    if (!calls.ours || !events.ours || !session->open())
        return refusal(CAREPLUG_REFUSED,
                       "This program has too many files open. Close some windows and try again.",
                       "socketpair, epoll_create1 or eventfd failed");
    Answer answer = supervisor_->open_session(host_kind, workstation, calls.theirs, events.theirs, engine);
    if (answer.status >= CAREPLUG_REFUSED) return answer;
    session->join_engine(std::move(calls.ours), std::move(events.ours), engine);
    if (Answer given = session->give_table(0); given.status >= CAREPLUG_REFUSED) return given;

    const std::lock_guard lock(sessions_lock_);
    if (closed_) return engine_gone("the loader was closed");
    supervisor_->supervise(session);
    answer.created = handles().add(session);
    sessions_[answer.created] = session;
    return answer;
}

void Loader::forget(careplug_handle session, wire::Function by) {
    const std::lock_guard lock(sessions_lock_);
    sessions_.erase(session);
    handles().remove(session, by);
}

void Loader::close() {
    {
        const std::lock_guard lock(sessions_lock_);
        closed_ = true;
        for (const auto& [handle, session] : sessions_) {
            session->close(wire::Function::close);
            handles().remove(handle, wire::Function::close);
        }
        sessions_.clear();
    }
    supervisor_->close();
}

}  // namespace careplug::loader
