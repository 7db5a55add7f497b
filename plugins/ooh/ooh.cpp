// The out-of-hours queue: plans are read at the telephone, and what happened is added as a contact note.
// A case is closed after the night, so nothing is filed back in it.
#include <careplug/plugin/standard_policy.h>

#ifndef CAREPLUG_PLUGIN_VERSION
#define CAREPLUG_PLUGIN_VERSION "0.1.0"
#endif

namespace {

using namespace careplug::plugin;

Style style() {
    Style style;
    style.labels.edit = "Edit plan";
    style.primary = {"note", "read"};
    return style;
}

Plugin ooh() {
    return {"careplug.ooh", CAREPLUG_PLUGIN_VERSION, "Out-of-hours queue", "ooh",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<StandardPolicy>(std::move(session), style());
            }};
}

}  // namespace

CAREPLUG_PLUGIN(ooh);
