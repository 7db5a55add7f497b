// A policy that throws from every function, each time something else: nothing may cross the boundary.
#include <careplug/plugin/policy.h>
#include <new>
#include <stdexcept>

namespace {

using namespace careplug::plugin;
using namespace careplug::plan;

class Throwing : public Policy {
public:
    void flags(std::span<PatientFlag> flags, const Now&) const override {
        flags.front().order = 99;
        throw std::runtime_error("flags");
    }
    std::vector<Action> actions(const PolicyPatient&, const Now&) const override {
        throw Refusal(CAREPLUG_REFUSED_ROLE, "Nobody may do this.");
    }
    Panel panel(const PanelRequest&, const Now&) const override { throw 42; }
    std::vector<Issue> check(const DataSet&, const Answers&, const Now&) const override {
        throw std::bad_alloc();
    }
    Summary summary(const PlanDocument&, const Now&) const override { throw "text"; }
    std::vector<Entry> write_back(const PlanDocument&, const Now&) const override {
        throw std::out_of_range("patient Patel");
    }
};

Plugin throwing() {
    return {"careplug.throwing", "1", "Throwing", "gp", [](Session session) -> std::unique_ptr<Policy> {
                if (session.view == "throw") throw std::runtime_error("open");
                if (session.view == "nothing") return nullptr;
                return std::make_unique<Throwing>();
            }};
}

}  // namespace

CAREPLUG_PLUGIN(throwing);
