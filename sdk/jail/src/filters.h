// The two filters of a jail. Three verdicts, chosen so that a newer C library that tries a call we do not
// know gets an error and goes on, while a reach for the world outside ends the process and shows in the log:
//   allowed  memory, the socket to the engine, ending
//   killed   processes, network, signals to others, tracing, the kernel's own configuration
//   refused  everything else, such as opening a file
#pragma once

#include <careplug/jail/filter.h>

namespace careplug::jail {

// While the plugin is loaded: files may be opened for reading (Landlock says which) and mapped as code.
Filter loading_filter();
// While it is called.
Filter calling_filter();

}  // namespace careplug::jail
