// The patient's own page: reads their plan, edits the sections that are theirs, suggests changes to the rest.
// What they may read is decided by the exchange; this policy only lays it out.
#include <careplug/plugin/standard_policy.h>

#include <algorithm>

#ifndef CAREPLUG_PLUGIN_VERSION
#define CAREPLUG_PLUGIN_VERSION "0.1.0"
#endif

namespace {

using namespace careplug::plugin;

// Sections of the person's own first, then what they may suggest; nothing else is asked of them.
void place_own(const careplug::plan::DataSet& data_set, const careplug::plan::Actor& actor, Panel& panel) {
    panel.core.clear();
    panel.more.clear();
    for (const bool own : {true, false})
        for (const auto* field : data_set.fields())
            if (field->entry != "off" && field->unsupported.empty() &&
                (own ? careplug::plan::may_edit_field(actor, *field)
                     : careplug::plan::may_propose_field(actor, *field)))
                panel.core.push_back(field->link_id);
}

class PatientPage : public StandardPolicy {
public:
    explicit PatientPage(Session session)
        : StandardPolicy(std::move(session), {labels(), {"continue", "edit", "read"}}) {}

    // A first plan is made with the care team, and staff notes are theirs.
    std::vector<Action> actions(const PolicyPatient& patient, const Now& now) const override {
        auto list = StandardPolicy::actions(patient, now);
        std::erase_if(list, [](const Action& action) {
            return action.id != "read" && action.id != "edit" && action.id != "continue" &&
                   action.id != "history";
        });
        return list;
    }

    Panel panel(const PanelRequest& request, const Now& now) const override {
        Panel panel = StandardPolicy::panel(request, now);
        panel.title = "My urgent care plan";
        if (panel.mode == "edit") {
            panel.mode_words =
                "What is yours changes at once. What you suggest waits until your care team agrees.";
            place_own(*request.data_set, session().actor, panel);
        } else {
            panel.mode_words = "";
        }
        return panel;
    }

    // Nothing is asked once more on the way: what is empty stays empty.
    std::vector<careplug::plan::Issue> check(const careplug::plan::DataSet&, const careplug::plan::Answers&,
                                             const Now&) const override {
        return {};
    }

private:
    static Labels labels() {
        Labels labels;
        labels.read = "Read my plan";
        labels.edit = "Change my plan";
        labels.resume = "Go on with my changes";
        labels.history = "What changed, and when";
        return labels;
    }
};

Plugin patient() {
    return {"careplug.patient", CAREPLUG_PLUGIN_VERSION, "Patient's own page", "patient",
            [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<PatientPage>(std::move(session));
            }};
}

}  // namespace

CAREPLUG_PLUGIN(patient);
