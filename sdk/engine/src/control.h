// The engine as a process: what it gives up first of all, and what it says to the loader that started it.
#pragma once

#include <careplug/wire/stream.h>

namespace careplug::engine {

// Closes what was inherited by mistake, keeps memory out of files and within a limit.
void harden_process();

// Greets the loader and opens the sessions that it asks for, until control or the host ends; then the process
// ends at once: what matters is on disk, and a thread may wait for the network for seconds. Returns the exit
// status where the greeting was refused.
int serve_control(wire::Stream control);

}  // namespace careplug::engine
