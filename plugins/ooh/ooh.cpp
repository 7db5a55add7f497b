// The out-of-hours queue: plans are read at the telephone, and what happened is added as a contact note.
// A case is closed after the night, so nothing is filed back in it.
#include <careplug/plugin/standard_policy.h>

namespace {

using namespace careplug::plugin;

Style style() {
    Style style;
    style.labels.edit = "Edit plan";
    style.primary = {"note", "read"};
    return style;
}

Plugin ooh() {
    return {"careplug.ooh", "0.1.0", "Out-of-hours queue", "ooh",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<StandardPolicy>(std::move(session), style());
            }};
}

}  // namespace

CAREPLUG_PLUGIN(ooh);
