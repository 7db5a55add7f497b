#include "loader.h"

namespace careplug::loader {
namespace {

// Loading the engine's libraries and opening its store, once.
constexpr std::int64_t start_milliseconds = 10000;
constexpr std::int64_t local_milliseconds = 2000;
constexpr std::int64_t end_milliseconds = 1500;

Answer no_descriptors() {
    return refusal(CAREPLUG_REFUSED,
                   "This program has too many files open. Close some windows and try again.",
                   "socketpair, epoll_create1 or eventfd failed");
}

}  // namespace

Answer Loader::ask(std::uint32_t frame, wire::View payload, std::uint32_t answer_kind, std::int64_t deadline,
                   std::span<const int> descriptors, wire::Message& reply) {
    const std::uint64_t sequence = ++sequence_;
    wire::Outcome outcome = control_.send(frame, sequence, payload, deadline, descriptors);
    while (outcome == wire::Outcome::done) {
        outcome = control_.receive(reply, deadline);
        if (outcome != wire::Outcome::done) break;
        if (reply.kind != answer_kind || reply.sequence > sequence) outcome = wire::Outcome::malformed;
        if (outcome == wire::Outcome::done && reply.sequence == sequence) return {};
    }
    if (outcome == wire::Outcome::timeout)
        return refusal(CAREPLUG_REFUSED_TIMEOUT, std::string(usual_sentence(CAREPLUG_REFUSED_TIMEOUT)),
                       "no answer on control within the deadline");
    control_.shut_down();
    return engine_gone(outcome == wire::Outcome::malformed ? "the engine sent a malformed frame on control"
                                                           : "the engine ended");
}

Answer Loader::open(std::string host_name, std::string settings) {
    const std::lock_guard lock(control_lock_);
    if (const std::string_view why = why_no_engine(); !why.empty())
        return refusal(CAREPLUG_FAILED_ENGINE, std::string(why), "no engine was built for this system");
    const std::string path = engine_path();
    if (path.empty())
        return refusal(CAREPLUG_FAILED_ENGINE, "The care plan service is not installed on this computer.",
                       "the loader does not know its own file");
    SocketPair pair = socket_pair();
    if (!pair.ours) return no_descriptors();
    if (std::string failed = process_.start(path, pair.theirs); !failed.empty())
        return refusal(
            CAREPLUG_FAILED_ENGINE,
            "The care plan service could not be started. Ask your administrator to install it again.",
            std::move(failed));
    pair.theirs.close();
    control_ = std::move(pair.ours);

    wire::Hello hello;
    hello.host_name = std::move(host_name);
    hello.settings = std::move(settings);
    wire::Message reply;
    Answer asked =
        ask(wire::kind_of(wire::Frame::hello), wire::encode(hello), wire::kind_of(wire::Frame::hello_answer),
            wire::boot_milliseconds() + start_milliseconds, {}, reply);
    if (asked.status != CAREPLUG_OK) return asked;
    const auto answer = wire::decode_hello_answer(reply.payload);
    if (!answer || answer->status < 0) return engine_gone("the engine's answer to hello breaks the protocol");
    Answer given;
    given.status = answer->status;
    given.problem = answer->sentence;
    given.detail = answer->detail;
    return given;
}

Answer Loader::open_session(std::string_view host_kind, std::string_view workstation, careplug_handle self) {
    SocketPair calls = socket_pair();
    SocketPair events = socket_pair();
    if (!calls.ours || !events.ours) return no_descriptors();
    const int theirs[] = {calls.theirs.descriptor(), events.theirs.descriptor()};
    auto session = std::make_shared<Session>(self, std::move(calls.ours), std::move(events.ours));
    if (!session->open()) return no_descriptors();

    wire::Message message;
    const std::lock_guard control(control_lock_);
    if (closed_) return engine_gone("the loader was closed");
    Answer asked = ask(wire::kind_of(wire::Call::session_open),
                       wire::encode<wire::Call::session_open>(0, host_kind, workstation),
                       wire::kind_of(wire::Frame::reply), wire::boot_milliseconds() + local_milliseconds,
                       theirs, message);
    if (asked.status != CAREPLUG_OK) return asked;
    const auto reply = wire::decode_reply(message.payload);
    if (!reply || reply->status < 0)
        return engine_gone("the engine's reply to session_open breaks the protocol");
    Answer answer;
    answer.status = reply->status;
    answer.problem = reply->problem;
    answer.detail = reply->detail;
    if (answer.status >= CAREPLUG_REFUSED) return answer;
    if (Answer given = session->give_table(0, FlagTable::After::growth); given.status >= CAREPLUG_REFUSED)
        return given;

    const std::lock_guard lock(sessions_lock_);
    if (closed_) return engine_gone("the loader was closed");
    answer.created = handles().add(session);
    sessions_[answer.created] = std::move(session);
    return answer;
}

void Loader::forget(careplug_handle session, wire::Function by) {
    const std::lock_guard lock(sessions_lock_);
    sessions_.erase(session);
    handles().remove(session, by);
}

void Loader::close() {
    closed_ = true;
    // Not under the control lock: a session that is being opened waits there, and this ends its wait.
    control_.shut_down();
    {
        const std::lock_guard lock(sessions_lock_);
        for (const auto& [handle, session] : sessions_) {
            session->close(wire::Function::close);
            handles().remove(handle, wire::Function::close);
        }
        sessions_.clear();
    }
    process_.end(end_milliseconds);
}

}  // namespace careplug::loader
