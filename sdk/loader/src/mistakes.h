// What the host did wrong, as a sentence that names the function: for the problem, and for the trace where a
// function has no problem.
#ifndef CAREPLUG_LOADER_MISTAKES_H
#define CAREPLUG_LOADER_MISTAKES_H

#include <careplug/wire/functions.h>

#include <string>

#include "answer.h"

namespace careplug::loader {

// "The host called careplug_panel_update WHAT."
Answer mistake(wire::Function function, careplug_status status, const std::string& what);
Answer wrong_argument(wire::Function function, const std::string& what);
Answer wrong_handle(wire::Function function, const HandleFault& fault);
Answer overlapping(wire::Function function, wire::Function running);
// `ended_by` closed the session that the object belongs to.
Answer closed_session(wire::Function function, wire::Function ended_by);

template <class T>
Answer wrong_handle(wire::Function function, const Found<T>& found) {
    return wrong_handle(function, static_cast<const HandleFault&>(found));
}

}  // namespace careplug::loader

#endif
