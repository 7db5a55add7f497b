// A whole plugin on one page: a night nursing team reads plans, adds contact notes and edits what exists,
// but starts no plan in the middle of the night.
#include <careplug/plugin/standard_policy.h>

namespace {

using namespace careplug::plugin;

class NightNursing : public StandardPolicy {
public:
    explicit NightNursing(Session session) : StandardPolicy(std::move(session), style()) {}

    std::vector<Action> actions(const PolicyPatient& patient, const Now& now) const override {
        auto actions = StandardPolicy::actions(patient, now);
        std::erase_if(actions, [](const Action& action) { return action.id == "create"; });
        return actions;
    }

    std::vector<careplug::plan::Issue> check(const careplug::plan::DataSet& data_set,
                                             const careplug::plan::Answers& answers,
                                             const Now& now) const override {
        auto issues = StandardPolicy::check(data_set, answers, now);
        if (data_set.find("ppl.advice24") != nullptr && !answers.has("ppl.advice24"))
            issues.push_back({careplug::plan::Severity::warning, "informational", "ppl.advice24", "",
                              "No number to call at night is recorded."});
        return issues;
    }

private:
    static Style style() {
        Style style;
        style.labels.note = "Add night note";
        style.primary = {"note", "read"};
        return style;
    }
};

Plugin night_nursing() {
    return {"example.night-nursing", "1.0.0", "Night nursing", "ooh",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<NightNursing>(std::move(session));
            }};
}

}  // namespace

CAREPLUG_PLUGIN(night_nursing);
