// What the scripted engine can be told by a test, through texts that a host passes.
#ifndef CAREPLUG_TESTS_SCRIPTED_H
#define CAREPLUG_TESTS_SCRIPTED_H

#include <careplug/wire/stream.h>

#include <string>

namespace scripted {

// Serves one session until its calls end. `control` is for what the script does to the whole engine.
// `later`: as an engine of a later release, which asks for the identity and uses values that this one has
// not.
void serve(careplug::wire::Stream calls, careplug::wire::Stream events, bool later);

[[noreturn]] void die();

}  // namespace scripted

#endif
