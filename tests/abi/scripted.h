// What the scripted engine can be told by a test, through texts that a host passes.
#ifndef CAREPLUG_TESTS_SCRIPTED_H
#define CAREPLUG_TESTS_SCRIPTED_H

#include <careplug/wire/stream.h>
#include <played_engine.h>

#include <string>

namespace scripted {

// How one session is served.
struct Role {
    bool later = false;   // as an engine of a later release, which asks for the identity and uses values that
                          // this one has not
    std::string resumed;  // what a session of a former engine brought
    careplug::played::Owners owners;  // of what is open in it
};

// Serves one session until its calls end.
void serve(careplug::wire::Stream calls, careplug::wire::Stream events, const Role& role);

[[noreturn]] void die();

}  // namespace scripted

#endif
