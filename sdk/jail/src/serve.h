// Answers the engine's questions, one after the other, until the engine hangs up.
#pragma once

#include <careplug/plugin.h>
#include <careplug/wire/stream.h>

namespace careplug::jail {

void serve(wire::Stream& engine, const careplug_policy& table);

}  // namespace careplug::jail
