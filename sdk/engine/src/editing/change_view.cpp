#include "editing/change_view.h"

#include <careplug/plan/flags.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/rules.h>

#include <nlohmann/json.hpp>

namespace careplug::engine {

using nlohmann::json;

void draw_changes(const Panel& panel, const std::string& today, json& view) {
    if (panel.mode != Panel::Mode::edit || panel.loading) return;
    const plan::DataSet& data_set = *panel.data_set;
    const plan::Answers published = plan::without_disabled(data_set, panel.answers, today);
    for (const plan::Field* field : data_set.fields()) {
        if (field->hidden) continue;
        const bool masked = is_masked(panel, *field) && !panel.touched.contains(field->link_id);
        const auto words = [&](const plan::Answers& answers) {
            if (!answers.has(field->link_id)) return std::string();
            return masked ? "recorded (hidden)" : plan::display(data_set, answers, field->link_id);
        };
        if (!plan::same(panel.answers, published, field->link_id))
            view["left_out"].push_back(
                {{"linkId", field->link_id}, {"label", field->text}, {"text", words(panel.answers)}});
        if (panel.base_plan && !plan::same(panel.base, published, field->link_id))
            view["changes"].push_back({{"linkId", field->link_id},
                                       {"label", field->text},
                                       {"safety_critical", field->safety_critical},
                                       {"before", words(panel.base)},
                                       {"after", words(published)}});
    }
}

}  // namespace careplug::engine
