// Each call that reaches the engine, made as a host makes it.
#pragma once

#include <careplug/wire/calls.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "faults/desk.h"

namespace careplug::test {

struct Row {
    std::string name;  // as the order names it
    std::chrono::milliseconds deadline{2000};
    bool creates = false;
    bool tells_status = true;  // closing cannot be refused
    // What must be there before; then the call itself.
    std::function<void(Desk&)> prepare;
    std::function<careplug_status(Desk&)> call;
    // The draft of the first seat that is right afterwards, beside the words typed before it.
    bool may_end_draft = false;
    std::string typed;
};

// Of every signature of the wire, and of the frames that are no call.
const std::vector<Row>& rows();

}  // namespace careplug::test
