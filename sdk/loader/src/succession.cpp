// An engine makes way for another that was installed in its place. The other is started beside it and must
// accept, with the plugins of every session, before anything is taken from the one that runs; a session moves
// while none of its calls is under way. What does not start changes nothing.
#include <careplug/wire/calls.h>

#include "supervisor.h"

namespace careplug::loader {
namespace {

constexpr std::int64_t frame_milliseconds = 200;
// To finish what is being sent to the exchange.
constexpr std::int64_t retire_milliseconds = 10000;
// How soon a session is looked at again whose call is under way.
constexpr std::int64_t look_again_milliseconds = 20;

}  // namespace

void Supervisor::succeed() {
    if (offered_ && !successor_ && !former_) {
        offered_ = false;
        if (std::string failed = spawn(true); !failed.empty()) refuse_successor(failed);
    }
    if (successor_) greet_successor();
    if (phase_ == Phase::running && moving_) move_sessions();
    if (former_) see_off();
}

void Supervisor::greet_successor() {
    wire::Message message;
    const auto outcome = successor_.receive_now(message);
    if (outcome == wire::Outcome::timeout) {
        if (wire::boot_milliseconds() >= successor_until_) refuse_successor("it did not answer in time");
        return;
    }
    const bool answered = outcome == wire::Outcome::done &&
                          message.kind == wire::kind_of(wire::Frame::hello_answer) &&
                          message.sequence == successor_hello_;
    const auto answer = answered ? wire::decode_hello_answer(message.payload) : std::nullopt;
    if (!answer)
        refuse_successor(outcome == wire::Outcome::ended ? "it ended before it answered" : "it is no engine");
    else if (answer->status != CAREPLUG_OK)
        refuse_successor(answer->sentence);
    else
        take_over();
}

void Supervisor::refuse_successor(const std::string& why) {
    if (successor_) {
        alarm_.forget(successor_);
        successor_.close();
        process_.kill_last();
    }
    set_alarm();
    wire::Writer sentence;
    sentence.text(why);
    control_.send(wire::kind_of(wire::Frame::stay), ++sequence_, sentence.take(),
                  wire::boot_milliseconds() + frame_milliseconds);
}

void Supervisor::take_over() {
    former_ = std::move(control_);
    former_until_ = 0;
    control_ = std::move(successor_);
    proven_ = tried_;
    // What the former has still to say of sessions that it was given, the next one says.
    resuming_.clear();
    started_ = wire::boot_milliseconds();
    ++engine_;
    ++upgrades_;
    moving_ = true;
}

void Supervisor::move_sessions() {
    if (!resume_sessions()) {
        if (phase_ == Phase::running) alarm_.at(wire::boot_milliseconds() + look_again_milliseconds);
        return;
    }
    moving_ = false;
    if (former_ && former_until_ == 0) {
        const std::int64_t now = wire::boot_milliseconds();
        former_.send(wire::kind_of(wire::Frame::retire), ++sequence_, {}, now + frame_milliseconds);
        former_until_ = now + retire_milliseconds;
    }
    set_alarm();
}

void Supervisor::set_alarm() {
    alarm_.at(successor_          ? successor_until_
              : former_           ? former_until_
              : resuming_.empty() ? 0
                                  : resume_until_);
}

void Supervisor::see_off() {
    for (;;) {
        wire::Message message;
        const auto outcome = former_.receive_now(message);
        if (outcome == wire::Outcome::done) continue;
        const bool late = former_until_ != 0 && wire::boot_milliseconds() >= former_until_;
        if (outcome == wire::Outcome::timeout && !late) return;
        break;
    }
    alarm_.forget(former_);
    former_.close();
    process_.kill_former();
    if (!moving_) set_alarm();
}

}  // namespace careplug::loader
