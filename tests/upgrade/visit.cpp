// A plugin of the GP record in several versions, each with words of its own on its button: so that a test
// sees which one answers.
#include <careplug/plugin/standard_policy.h>

using namespace careplug::plugin;

namespace {

Style style() {
    Style mine{Labels{}, {"edit", "read"}};
    mine.labels.edit = "Edit plan, " VISIT_VERSION;
    mine.labels.resume = "Go on, " VISIT_VERSION;
    return mine;
}

Plugin visit() {
    return {VISIT_ID, VISIT_VERSION, "Visit", "gp", [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<StandardPolicy>(std::move(session), style());
            }};
}

}  // namespace

CAREPLUG_PLUGIN(visit);
