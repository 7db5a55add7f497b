#include <careplug/controls/controls.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/rules.h>
#include <careplug/plan/withhold.h>
#include <algorithm>
#include <optional>

namespace careplug::plan {

namespace {

constexpr const char* patient = "patient";

class Withholding {
public:
    Withholding(const DataSet& set, const Answers& published, const Answers& own, const std::string& on)
        : data_set(set), by_published{set, published, on, nullptr}, by_own{set, own, on, nullptr} {}

    bool everything() const { return says(data_set.withhold_plan_from_patient, nullptr); }

    bool says(const Rule& rule, const Item* row) const {
        if (rule.empty() || !control::on("H9.withheld-from-patient")) return false;
        const auto here = [&](RuleContext context) {
            context.row = row;
            return holds(rule, context);
        };
        return here(by_published) || here(by_own);
    }

    // Rows and sub-items that may be read.
    Item without_withheld(const Field& field, const Item& item, const Item* row) const {
        Item kept{item.link_id, item.answers, {}};
        for (const Item& below : item.items) {
            const auto found = std::find_if(field.items.begin(), field.items.end(), [&](const Field& child) {
                return child.link_id == below.link_id;
            });
            if (found == field.items.end()) {
                if (below.link_id == row_link_id(field.link_id)) kept.items.push_back(below);
            } else if (readable(*found, row)) {
                kept.items.push_back(without_withheld(*found, below, row));
            }
        }
        return kept;
    }

    bool readable(const Field& field, const Item* row) const {
        return in_view(field) && !says(field.withhold_from_patient, row);
    }

    static bool in_view(const Field& field) {
        return field.shown_in.empty() ||
               std::find(field.shown_in.begin(), field.shown_in.end(), patient) != field.shown_in.end();
    }

private:
    const DataSet& data_set;
    RuleContext by_published;
    RuleContext by_own;
};

// A rule withholds the item with this link id, or what holds it; nothing where it is not below this field.
std::optional<bool> withheld_below(const Withholding& rules, const Field& field, std::string_view link_id) {
    const bool here = rules.says(field.withhold_from_patient, nullptr);
    if (field.link_id == link_id) return here;
    for (const Field& child : field.items)
        if (const auto below = withheld_below(rules, child, link_id)) return here || *below;
    return std::nullopt;
}

}  // namespace

bool withheld_from_patient(const DataSet& data_set, std::string_view link_id, const Answers& deciding,
                           const std::string& today) {
    const Withholding rules(data_set, deciding, deciding, today);
    const Field* field = data_set.field_of(link_id);
    return field == nullptr || rules.everything() || withheld_below(rules, *field, link_id).value_or(true);
}

PatientView patient_view(const DataSet& data_set, const Answers& published, const std::string& today) {
    return patient_view(data_set, published, published, today);
}

PatientView patient_view(const DataSet& data_set, const Answers& answers, const Answers& published,
                         const std::string& today) {
    const Withholding rules(data_set, published, answers, today);
    PatientView view;
    view.nothing_yet = rules.everything();
    for (const Field* field : data_set.fields()) {
        if (!Withholding::in_view(*field)) continue;
        if (view.nothing_yet || rules.says(field->withhold_from_patient, nullptr)) {
            view.withheld.push_back(field->link_id);
            continue;
        }
        for (const Item& item : answers.items)
            if (item.link_id == field->link_id)
                view.shown.items.push_back(
                    rules.without_withheld(*field, item, field->repeats ? &item : nullptr));
    }
    if (view.nothing_yet)
        view.sentence = nothing_yet_words;
    else if (!view.withheld.empty())
        view.sentence = left_out_words;
    return view;
}

}  // namespace careplug::plan
