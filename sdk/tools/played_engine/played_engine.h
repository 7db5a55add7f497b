// The engine's side of the wire, for engines that play a part: the one that checks hosts, and the scripted
// one of the tests.
#pragma once

#include <careplug/wire/calls.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/stream.h>

#include <functional>
#include <map>

namespace careplug::played {

struct Part {
    // A status of 100 or more ends the engine.
    std::function<wire::HelloAnswer(const wire::Hello& hello, wire::Stream& control)> greet;
    // Takes both streams where it does not refuse. `former`: a session of an engine that ended.
    std::function<wire::Reply(const std::string& kind, const wire::SessionResume* former, wire::Stream& calls,
                              wire::Stream& events)>
        open_session;
};

// Serves control until it ends. The exit status: 0, or above where a loader broke the protocol.
int serve_control(const Part& part);

// What goes out for a call; an engine that breaks the protocol changes kind or sequence.
struct Outgoing {
    wire::Reply reply;
    std::uint32_t kind = wire::kind_of(wire::Frame::reply);
    std::uint64_t sequence = 0;
    std::uint64_t last_id = 0;  // that this session gave
};

struct Answers {
    // The reply comes with a result and a new id where the call gives them.
    std::function<void(const wire::Signature&, const wire::DecodedCall&, Outgoing&)> call;
    // The memory of a flag table; the descriptor is closed after it. On the thread that serves the calls.
    std::function<void(const wire::Table& told, int descriptor)> table;
};

// Patients and panels, and whose they are.
using Owners = std::map<std::uint64_t, std::uint64_t>;

// Serves one session until its calls end; ids follow `last_id`. False where a frame could not be read.
bool serve_calls(wire::Stream& calls, const Answers& answers, std::uint64_t last_id = 0, Owners owners = {});

}  // namespace careplug::played
