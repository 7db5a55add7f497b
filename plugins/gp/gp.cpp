// The GP record: plans are made here, in an appointment of ten minutes, and filed back as coded entries.
#include <careplug/plugin/standard_policy.h>

#ifndef CAREPLUG_PLUGIN_VERSION
#define CAREPLUG_PLUGIN_VERSION "0.1.0"
#endif

namespace {

using namespace careplug::plugin;

class GpRecord : public StandardPolicy {
public:
    explicit GpRecord(Session session)
        : StandardPolicy(std::move(session), {Labels{}, {"create", "approve", "read"}}) {}

    std::vector<Entry> write_back(const PlanDocument& plan, const Now&) const override {
        return coded_entries(plan);
    }
};

Plugin gp() {
    return {"careplug.gp", CAREPLUG_PLUGIN_VERSION, "GP record", "gp",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<GpRecord>(std::move(session));
            }};
}

}  // namespace

CAREPLUG_PLUGIN(gp);
