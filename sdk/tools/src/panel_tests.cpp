// Requirements about forms: which questions are asked.
#include <algorithm>
#include <set>

#include "panel_reading.h"
#include "requirement_tests.h"
#include "text.h"

namespace careplug::tools::panel {

namespace {

using Ids = std::vector<std::string>;

bool has(const Ids& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::vector<PanelAnswer> panels(const Scene& scene) {
    std::vector<PanelAnswer> all;
    for (const json& request : panel_requests(scene.documents))
        if (auto panel = panel_of(scene, request)) all.push_back(std::move(*panel));
    if (all.empty()) throw NotApplicable("This plugin refuses every form.");
    return all;
}

}  // namespace

void asks_known_fields(const Trial& trial) {
    const Scene scene(trial);
    for (const PanelAnswer& panel : panels(scene)) {
        const plan::DataSet& data_set =
            panel.mode == "note" ? scene.documents.contact_set() : scene.documents.plan_set();
        for (const Ids& ids : {panel.core, panel.more})
            for (const std::string& id : ids)
                expect(data_set.find(id) != nullptr, "The form for " + panel.action + " asks " + excerpt(id) +
                                                         ", which is no field of the data set.");
    }
}

void asks_once(const Trial& trial) {
    const Scene scene(trial);
    for (const PanelAnswer& panel : panels(scene)) {
        std::set<std::string> seen;
        for (const Ids& ids : {panel.core, panel.more})
            for (const std::string& id : ids)
                expect(seen.insert(id).second, "The form for " + panel.action + " asks " + id + " twice.");
    }
}

void asks_what_is_required(const Trial& trial) {
    const Scene scene(trial);
    const PanelAnswer panel = panel_or_not_applicable(scene, "create", {{"record", Documents::record()}});
    for (const plan::Field* field : scene.documents.plan_set().fields())
        if (field->required && !field->hidden && field->entry != "off")
            expect(has(panel.core, field->link_id), "The form does not ask " + field->link_id +
                                                        " at once, without which no plan can be published.");
}

void asks_what_is_safety_critical(const Trial& trial) {
    const Scene scene(trial);
    const PanelAnswer panel = panel_or_not_applicable(scene, "create", {{"record", Documents::record()}});
    for (const plan::Field* field : scene.documents.plan_set().fields())
        if (field->safety_critical && !field->hidden && field->entry != "off")
            expect(has(panel.core, field->link_id) || has(panel.more, field->link_id),
                   "The form has no place for " + field->link_id + ", which is safety critical.");
}

void mode_fits_the_action(const Trial& trial) {
    const Scene scene(trial);
    for (const PanelAnswer& panel : panels(scene)) {
        const bool own = panel.action == "read" || panel.action == "note";
        expect(panel.mode == "read" || panel.mode == (own ? panel.action : "edit"),
               "The action " + panel.action + " opens a form of mode " + excerpt(panel.mode) + ".");
        expect(!panel.title.empty() && !panel.mode_words.empty(),
               "The form for " + panel.action + " has no title, or no words for its mode.");
    }
}

void no_form_without_the_right(const Trial& trial) {
    const Scene scene(trial, {false, true});
    for (const json& request : panel_requests(scene.documents)) {
        const std::string action = request.at("action");
        if (action == "read" || action == "note") continue;
        const auto panel = panel_of(scene, request);
        expect(!panel || panel->mode == "read", "A role that may not edit gets a form to " + action + ".");
    }
}

void reading_shows_the_cpr_decision(const Trial& trial) {
    const Scene scene(trial);
    const PanelAnswer panel = panel_or_not_applicable(scene, "read", {{"published", published(scene)}});
    expect(has(panel.core, "cpr.decision"), "The first screen of reading does not show the CPR decision.");
}

void reading_keeps_to_the_view(const Trial& trial) {
    const Scene scene(trial);
    const PanelAnswer panel = panel_or_not_applicable(scene, "read", {{"published", published(scene)}});
    for (const Ids& ids : {panel.core, panel.more})
        for (const std::string& id : ids) {
            const plan::Field* const field = scene.documents.plan_set().find(id);
            if (field == nullptr || field->shown_in.empty()) continue;
            expect(has(field->shown_in, scene.view),
                   "Reading shows " + id + ", which the view " + scene.view + " does not show.");
        }
}

void refuses_unknown_requests(const Trial& trial) {
    const Scene scene(trial);
    for (const json& request :
         {json{{"action", "dance"}, {"data_set", scene.documents.plan_set().canonical()}},
          json{{"action", "create"}, {"data_set", "http://example.org/other|9"}}}) {
        const Answer answer = scene.policy.panel(request);
        expect(answer.refused() && !answer.text.empty(),
               "The request " + request.dump() + " was answered " + std::to_string(answer.status) + ".");
    }
}

}  // namespace careplug::tools::panel
