#include <careplug/controls/controls.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/withhold.h>
#include <algorithm>

namespace careplug::plan {

namespace {

Issue refusal(const Field& field, bool proposes) {
    return {Severity::error, "forbidden", field.link_id, "",
            "You cannot change \"" + field.text + "\" yourself. " +
                (proposes ? "Suggest a change: your care team decides on it with you."
                          : "Ask your care team to change it with you.")};
}

}  // namespace

const char* const left_out_words =
    "Some parts of a plan are shown here only after your care team has gone through them with you.";
const char* const nothing_yet_words =
    "Your care team has not opened your plan to you online yet. Ask them to go through it with you.";

Answers with_own_sections(const DataSet& data_set, const Actor& actor, const Answers& read,
                          const Answers& edited) {
    Answers made = read;
    for (const Field* field : data_set.fields())
        if (may_edit_field(actor, *field)) take_field(made, edited, field->link_id);
    return made;
}

OwnEdit own_edit(const DataSet& data_set, const Actor& actor, const Answers& published, const Answers& given,
                 const std::string& today) {
    const PatientView view = patient_view(data_set, published, today);
    OwnEdit made{published, {}};
    for (const Field* field : data_set.fields()) {
        const bool hidden = view.nothing_yet || std::find(view.withheld.begin(), view.withheld.end(),
                                                          field->link_id) != view.withheld.end();
        const bool own = may_edit_field(actor, *field) && !hidden;
        if (own || !control::on("H17.own-sections")) {
            take_field(made.answers, given, field->link_id);
        } else if (!same(view.shown, given, field->link_id)) {
            made.refused.push_back(refusal(*field, may_propose_field(actor, *field)));
        }
    }
    return made;
}

std::vector<Issue> newly_wrong(const DataSet& data_set, const Answers& before, const Answers& after,
                               const std::string& today) {
    const auto stood = validate(data_set, before, Intent::publish, today);
    const PatientView view = patient_view(data_set, after, today);
    std::vector<Issue> wrong;
    for (Issue& issue : validate(data_set, after, Intent::publish, today)) {
        if (std::find(stood.begin(), stood.end(), issue) != stood.end()) continue;
        const Field* field = data_set.field_of(issue.link_id);
        const bool shown = field != nullptr && view.shown.has(field->link_id);
        if (issue.severity == Severity::error && !shown)
            issue = {Severity::error, "business-rule", "", "",
                     "This change does not fit the rest of your plan. Ask your care team to make it with "
                     "you."};
        wrong.push_back(std::move(issue));
    }
    return wrong;
}

bool may_be_withheld(const Field& field) {
    return !field.withhold_from_patient.empty() ||
           std::any_of(field.items.begin(), field.items.end(), may_be_withheld);
}

}  // namespace careplug::plan
