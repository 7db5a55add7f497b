#include "plugins/jail.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

constexpr std::int64_t to_see_how_it_ended = 100;

}  // namespace

Jail::Turn::Turn(Jail& jail, std::int64_t deadline) : jail_(jail), deadline_(deadline) {
    std::unique_lock lock(jail_.mutex_);
    const auto decided = [this] {
        return jail_.state_ == State::ready ? !jail_.taken_ : jail_.state_ != State::starting;
    };
    for (;;) {
        const std::int64_t left = std::max<std::int64_t>(deadline_ - boot_ms(), 0);
        const bool in_time = jail_.changed_.wait_for(lock, std::chrono::milliseconds(left), decided);
        if (!in_time || jail_.state_ != State::ready) throw PluginUnavailable(jail_.why_not());
        if (jail_.process_->running()) break;
        // Nobody was waiting for an answer, so this costs no call but the time of a start.
        jail_.failed("The plugin " + jail_.name() + " " + jail_.process_->end(0) + " between two calls.");
        jail_.changed_.notify_all();
    }
    jail_.taken_ = true;
    incarnation_ = jail_.incarnation_;
}

Jail::Turn::~Turn() {
    {
        const std::lock_guard lock(jail_.mutex_);
        jail_.taken_ = false;
    }
    jail_.changed_.notify_all();
}

Jail::Turn::Answer Jail::Turn::ask(wire::PolicyCall call, const char* what,
                                   const wire::PolicyQuestion& question) {
    const std::uint64_t sequence = ++jail_.sequence_;
    {
        const std::lock_guard lock(jail_.mutex_);
        ++jail_.calls_;
    }
    wire::Stream& socket = jail_.process_->socket();
    wire::Message message;
    wire::Outcome outcome = socket.send(wire::kind_of(call), sequence, encode(question), deadline_);
    if (outcome == wire::Outcome::malformed)
        throw PluginFailure("What the plugin " + jail_.name() + " was to be asked is too large: " + what +
                            ".");
    if (outcome == wire::Outcome::done) outcome = socket.receive(message, deadline_);
    switch (outcome) {
        case wire::Outcome::done:
            break;
        case wire::Outcome::timeout:
            give_up("did not answer " + std::string(what) + " in time and was stopped");
        case wire::Outcome::ended:
            give_up("when asked for " + std::string(what), to_see_how_it_ended);
        case wire::Outcome::malformed:
            give_up("sent what is no answer to " + std::string(what));
    }
    const bool expected =
        message.kind == wire::kind_of(wire::PolicyFrame::answer) && message.sequence == sequence;
    const auto answer = expected ? wire::decode_policy_answer(message.payload) : std::nullopt;
    if (!answer) give_up("sent what is no answer to " + std::string(what));
    if (answer->kind == wire::PolicyAnswer::Kind::too_long)
        give_up("answered " + std::string(what) + " with more than is taken");
    Answer out;
    out.status = answer->status;
    out.payload = std::move(message.payload);
    out.document = wire::View(out.payload).last(answer->document.size());
    return out;
}

void Jail::Turn::tell(wire::PolicyCall call, const wire::PolicyQuestion& question) {
    jail_.process_->socket().send(wire::kind_of(call), ++jail_.sequence_, encode(question), deadline_);
}

void Jail::Turn::give_up(const std::string& reason, std::int64_t grace) {
    const std::string ended = jail_.process_->end(grace);
    const std::string sentence =
        "The plugin " + jail_.name() + " " + (grace > 0 ? ended + " " : std::string()) + reason + ".";
    {
        const std::lock_guard lock(jail_.mutex_);
        jail_.failed(sentence);
    }
    jail_.changed_.notify_all();
    throw PluginUnavailable(sentence);
}

}  // namespace careplug::engine
