// GET /fhir/$events: changes as Server-Sent Events, without any identity.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "events.h"
#include "store.h"

namespace careplug::exchange {

// Where a stream starts.
struct StreamStart {
    std::int64_t after = 0;
    bool reset = false;  // what was missed is not known any more: look at everything again
};

// `last_event_id` is what the reader saw last, or empty. Throws Problem 400.
StreamStart stream_start(Store& store, const std::string& last_event_id);

// Of what `told` holds for. Until the reader goes, the exchange stops, or `expires` (seconds since 1970),
// when its token does.
using Told = std::function<bool(View&, const Change&)>;
void stream_events(Store& store, Events& events, StreamStart start, std::int64_t expires, const Told& told,
                   std::ostream& out);

}  // namespace careplug::exchange
