// The A&E triage board: the CPR decision leads every row, and the plan is read before anybody acts. An
// attendance keeps no coded plan entries: the plan itself is read each time.
#include <careplug/plugin/standard_policy.h>

#ifndef CAREPLUG_PLUGIN_VERSION
#define CAREPLUG_PLUGIN_VERSION "0.1.0"
#endif

namespace {

using namespace careplug::plugin;

Style style() {
    Style style;
    style.labels.edit = "Edit plan";
    style.primary = {"read"};
    style.first = First::cpr;
    return style;
}

Plugin ae() {
    return {"careplug.ae", CAREPLUG_PLUGIN_VERSION, "A&E triage board", "ae",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<StandardPolicy>(std::move(session), style());
            }};
}

}  // namespace

CAREPLUG_PLUGIN(ae);
