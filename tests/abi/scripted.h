// What the scripted engine can be told by a test, through texts that a host passes.
#ifndef CAREPLUG_TESTS_SCRIPTED_H
#define CAREPLUG_TESTS_SCRIPTED_H

#include <careplug/wire/stream.h>

#include <string>

namespace scripted {

// Serves one session until its calls end. `resumed` tells what a session of a former engine brought.
void serve(careplug::wire::Stream calls, careplug::wire::Stream events, const std::string& resumed);

[[noreturn]] void die();

}  // namespace scripted

#endif
