// The smallest plugin, of a version that the build chooses: for what happens when one replaces another.
#include <careplug/plugin/standard_policy.h>

using namespace careplug::plugin;

namespace {

Plugin ward() {
    return {"example.ward", WARD_VERSION, "Ward", "ooh", [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<StandardPolicy>(std::move(session), Style{});
            }};
}

}  // namespace

CAREPLUG_PLUGIN(ward);
