#include "supervisor.h"

#include <careplug/controls/controls.h>
#include <careplug/wire/calls.h>

#include <algorithm>
#include <array>

namespace careplug::loader {
namespace {

// Loading the engine's libraries and opening its store, once.
constexpr std::int64_t start_milliseconds = 10000;
constexpr std::int64_t local_milliseconds = 2000;
constexpr std::int64_t end_milliseconds = 1500;
// How long a close of another thread is not noticed.
constexpr std::int64_t slice_milliseconds = 50;
// Frames for a new engine go into an empty socket.
constexpr std::int64_t resume_milliseconds = 200;
// In which a new engine must have answered that it took a session over.
constexpr std::int64_t resumed_milliseconds = 5000;
// An engine that served this long is taken for a good one.
constexpr std::int64_t proven_milliseconds = 60000;
constexpr std::array<std::int64_t, 6> pauses{0, 250, 1000, 5000, 15000, 60000};
// From here on it is started without plugins, in case one of them is the reason.
constexpr int failures_before_safe_mode = 3;
// From here on the sentence tells a person not to wait.
constexpr int failures_before_telling = 5;

Answer no_descriptors() {
    return refusal(CAREPLUG_REFUSED,
                   "This program has too many files open. Close some windows and try again.",
                   "socketpair, epoll_create1 or eventfd failed");
}

}  // namespace

// What has proved itself, whatever lies in its place by now: that proves itself beside it. Only where it does
// not even start any more, the two take turns.
std::shared_ptr<const Programs> Supervisor::programs_for_restart() const {
    if (proven_ && proven_ != unfit_) return proven_;
    auto installed = Programs::installed();
    return installed ? installed : proven_;
}

std::string Supervisor::spawn(bool upgrade) {
    tried_ = upgrade ? Programs::installed() : programs_for_restart();
    if (!tried_) return "there is no careplug-engine beside the loader that can be opened";
    SocketPair pair = socket_pair();
    if (!pair.ours) return "no descriptors left";
    if (std::string failed = process_.start(*tried_, pair.theirs); !failed.empty()) return failed;
    wire::Stream& control = upgrade ? successor_ : control_;
    control = std::move(pair.ours);
    alarm_.listen(control);
    const std::int64_t now = wire::boot_milliseconds();
    alarm_.at(now + start_milliseconds);
    wire::Hello hello;
    hello.host_name = host_name_;
    hello.settings = settings_;
    hello.restarts = restarts_;
    hello.upgrades = upgrades_ + (upgrade ? 1 : 0);
    hello.upgrade = upgrade;
    if (upgrade) {
        for (const auto& weak : sessions_)
            if (const auto session = weak.lock())
                if (std::find(hello.kinds.begin(), hello.kinds.end(), session->host_kind()) ==
                    hello.kinds.end())
                    hello.kinds.push_back(session->host_kind());
        successor_until_ = now + start_milliseconds;
        successor_hello_ = ++sequence_;
    } else {
        hello.safe_mode = failures_ >= failures_before_safe_mode;
        started_ = now;
        moment_ = now + start_milliseconds;
        phase_ = Phase::greeting;
        ++sequence_;
    }
    const int jail[] = {tried_->jail()};
    const std::span<const int> with(jail, tried_->jail() < 0 ? 0 : 1);
    control.send(wire::kind_of(wire::Frame::hello), sequence_, wire::encode(hello), now + resume_milliseconds,
                 with);
    return {};
}

Answer Supervisor::start(std::string host_name, std::string settings) {
    const std::lock_guard lock(mutex_);
    if (const std::string_view why = why_no_engine(); !why.empty())
        return refusal(CAREPLUG_FAILED_ENGINE, std::string(why), "no engine was built for this system");
    if (!alarm_.open()) return no_descriptors();
    host_name_ = std::move(host_name);
    settings_ = std::move(settings);
    if (std::string failed = spawn(false); !failed.empty())
        return refusal(
            CAREPLUG_FAILED_ENGINE,
            "The care plan service could not be started. Ask your administrator to install it again.",
            std::move(failed));
    wire::Message message;
    Answer asked = wait_for(wire::kind_of(wire::Frame::hello_answer), sequence_, moment_, message);
    if (asked.status != CAREPLUG_OK) return asked;
    const auto answer = wire::decode_hello_answer(message.payload);
    if (!answer || answer->status < 0) return engine_gone("the engine's answer to hello breaks the protocol");
    if (answer->status >= CAREPLUG_REFUSED) return refusal(answer->status, answer->sentence, answer->detail);
    phase_ = Phase::running;
    proven_ = tried_;
    ++engine_;
    alarm_.at(0);
    return {};
}

Answer Supervisor::wait_for(std::uint32_t kind, std::uint64_t sequence, std::int64_t deadline,
                            wire::Message& message) {
    for (;;) {
        const std::int64_t now = wire::boot_milliseconds();
        const auto outcome = control_.receive(message, std::min(deadline, now + slice_milliseconds));
        if (closing_) return engine_gone("the loader was closed");
        if (outcome == wire::Outcome::done) {
            if (message.kind == kind && message.sequence == sequence) return {};
            if (settle(message)) continue;
            return engine_gone("the engine sent a malformed frame on control");
        }
        if (outcome == wire::Outcome::malformed)
            return engine_gone("the engine sent a malformed frame on control");
        if (outcome == wire::Outcome::ended) return engine_gone("the engine ended");
        if (now >= deadline)
            return refusal(CAREPLUG_REFUSED_TIMEOUT, std::string(usual_sentence(CAREPLUG_REFUSED_TIMEOUT)),
                           "no answer on control within the deadline");
    }
}

Answer Supervisor::open_session(std::string_view host_kind, std::string_view workstation,
                                const wire::Stream& calls, const wire::Stream& events,
                                std::uint64_t& engine) {
    attend();
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::running) return refusal(CAREPLUG_FAILED_ENGINE, trouble_, "no engine runs now");
    const int theirs[] = {calls.descriptor(), events.descriptor()};
    const std::int64_t deadline = wire::boot_milliseconds() + local_milliseconds;
    const auto sent =
        control_.send(wire::kind_of(wire::Call::session_open), ++sequence_,
                      wire::encode<wire::Call::session_open>(0, host_kind, workstation), deadline, theirs);
    wire::Message message;
    Answer asked = sent == wire::Outcome::ended
                       ? engine_gone("the engine ended")
                       : wait_for(wire::kind_of(wire::Frame::reply), sequence_, deadline, message);
    const auto reply = asked.status == CAREPLUG_OK ? wire::decode_reply(message.payload) : std::nullopt;
    if (asked.status == CAREPLUG_OK && (!reply || reply->status < 0))
        asked = engine_gone("the engine's reply to session_open breaks the protocol");
    if (asked.status != CAREPLUG_OK) {
        lose({});
        return asked;
    }
    engine = engine_;
    Answer answer;
    answer.status = reply->status;
    answer.problem = reply->problem;
    answer.detail = reply->detail;
    return answer;
}

bool Supervisor::wakes(WaitHandle& handle) {
    const std::lock_guard lock(mutex_);
    return handle.open(alarm_);
}

void Supervisor::supervise(std::weak_ptr<Resumable> session) {
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [](const auto& one) { return one.expired(); });
    sessions_.push_back(std::move(session));
    // An upgrade may have overtaken it.
    moving_ = true;
}

void Supervisor::attend() {
    // Another thread that is here already does the same.
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return;
    if (phase_ == Phase::running && given_up_ == engine_) lose({});
    if (phase_ == Phase::running) take_answers();
    // It lives, and took no session over: it hangs where nobody calls it.
    if (phase_ == Phase::running && !resuming_.empty() && wire::boot_milliseconds() >= resume_until_)
        lose({});
    if (phase_ == Phase::running) succeed();
    if (phase_ == Phase::greeting) greet();
    if (phase_ == Phase::pausing && engine_ != 0 && control::on("H16.engine-replaced") &&
        wire::boot_milliseconds() >= moment_) {
        ++restarts_;
        if (!spawn(false).empty())
            lose("The care plan service could not be started again. Ask your administrator to install it.");
    }
}

void Supervisor::take_answers() {
    for (;;) {
        wire::Message message;
        const auto outcome = control_.receive_now(message);
        if (outcome == wire::Outcome::timeout) return;
        if (outcome != wire::Outcome::done || !settle(message)) {
            lose({});
            return;
        }
    }
}

// Whether the frame is one that comes by itself: the answer to a session that is being resumed, or the news
// of another engine.
bool Supervisor::settle(const wire::Message& message) {
    if (message.kind == wire::kind_of(wire::Frame::successor)) return offered_ = true;
    const auto resumed = resuming_.extract(message.sequence);
    if (resumed.empty() || message.kind != wire::kind_of(wire::Frame::reply)) return false;
    const auto reply = wire::decode_reply(message.payload);
    if (!reply) return false;
    if (resuming_.empty()) set_alarm();
    if (const auto session = resumed.mapped().lock(); session && reply->status >= CAREPLUG_REFUSED)
        session->without_engine(
            reply->problem.empty() ? std::string(usual_sentence(reply->status)) : reply->problem,
            reply->status);
    return true;
}

void Supervisor::greet() {
    wire::Message message;
    const auto outcome = control_.receive_now(message);
    if (outcome == wire::Outcome::timeout && wire::boot_milliseconds() < moment_) return;
    const auto answer =
        outcome == wire::Outcome::done && message.kind == wire::kind_of(wire::Frame::hello_answer)
            ? wire::decode_hello_answer(message.payload)
            : std::nullopt;
    if (!answer || answer->status != CAREPLUG_OK) {
        lose(answer ? answer->sentence : std::string());
        return;
    }
    phase_ = Phase::running;
    proven_ = tried_;
    ++engine_;
    resume_sessions();
    if (phase_ == Phase::running) set_alarm();
}

// Whether all are with the present engine.
bool Supervisor::resume_sessions() {
    bool settled = true;
    for (const auto& weak : sessions_) {
        const auto session = weak.lock();
        if (!session || phase_ != Phase::running) continue;
        const auto standing = session->standing(engine_);
        settled = settled && standing != Resumable::Standing::busy;
        if (standing != Resumable::Standing::movable) continue;
        SocketPair calls = socket_pair();
        SocketPair events = socket_pair();
        if (!calls.ours || !events.ours) {
            lose("This program has too many files open. Close some windows.");
            return false;
        }
        const int theirs[] = {calls.theirs.descriptor(), events.theirs.descriptor()};
        const auto resume = session->leave_engine(std::move(calls.ours), std::move(events.ours), engine_);
        if (!resume) continue;
        resuming_[++sequence_] = weak;
        resume_until_ = wire::boot_milliseconds() + resumed_milliseconds;
        const auto sent =
            control_.send(wire::kind_of(wire::Frame::session_resume), sequence_, wire::encode(*resume),
                          wire::boot_milliseconds() + resume_milliseconds, theirs);
        if (sent != wire::Outcome::done) lose({});
    }
    return settled;
}

// `sentence` says why, where that is known.
void Supervisor::lose(const std::string& sentence) {
    process_.kill();
    unfit_ = phase_ == Phase::running ? nullptr : tried_;
    for (wire::Stream* control : {&control_, &successor_, &former_}) {
        if (*control) alarm_.forget(*control);
        control->close();
    }
    offered_ = moving_ = false;
    resuming_.clear();
    const std::int64_t now = wire::boot_milliseconds();
    if (now - started_ > proven_milliseconds) failures_ = 0;
    const auto pause = pauses[std::min<std::size_t>(static_cast<std::size_t>(failures_), pauses.size() - 1)];
    ++failures_;
    moment_ = now + pause;
    alarm_.at(moment_);
    phase_ = Phase::pausing;
    trouble_ =
        "The care plan service on this computer stopped and is being started again: what was kept stays.";
    if (failures_ >= failures_before_telling)
        trouble_ = "The care plan service on this computer has stopped " + std::to_string(failures_) +
                   " times in a row and is tried again every minute. Plans are not known here: tell your "
                   "administrator.";
    if (!sentence.empty()) trouble_ = sentence;
    for (const auto& weak : sessions_)
        if (const auto session = weak.lock()) session->without_engine(trouble_, CAREPLUG_FAILED_ENGINE);
}

void Supervisor::give_up(std::uint64_t engine) {
    given_up_ = engine;
    attend();
}

void Supervisor::close() {
    closing_ = true;
    const std::lock_guard lock(mutex_);
    phase_ = Phase::closed;
    for (wire::Stream* control : {&control_, &successor_, &former_}) {
        // Said apart: a child that the host forked may hold the descriptor too.
        control->shut_down();
        control->close();
    }
    alarm_.close();
    process_.end(end_milliseconds);
    tried_ = proven_ = unfit_ = nullptr;
}

}  // namespace careplug::loader
