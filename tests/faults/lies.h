// Answers that no engine of ours gives.
#pragma once

#include <careplug/wire/stream.h>

#include <cstdint>
#include <string>

namespace careplug::test {

// What stands in an answer's place.
struct Truth {
    wire::Frame kind = wire::Frame::reply;
    std::uint64_t sequence = 0;
    wire::Bytes payload;         // the engine's answer
    std::uint64_t known_id = 0;  // of something that this session has already
};

// Sends the answer, or what the fault makes of it. `events`: the session's other socket, where there is one.
void answer(const std::string& fault, const Truth& truth, wire::Stream& to, wire::Stream* events);

}  // namespace careplug::test
