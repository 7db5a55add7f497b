#include "panel_reading.h"

#include <careplug/plan/fhir.h>

#include "text.h"

namespace careplug::tools {

plan::Answers PanelAnswer::answers(const plan::DataSet& data_set) const {
    try {
        return plan::fhir::read_answers(data_set, initial);
    } catch (const std::invalid_argument& wrong) {
        throw Failed("The first answers for " + action + " cannot be read: " + wrong.what());
    }
}

json published(const Scene& scene) {
    return scene.documents.response(scene.documents.answers());
}

std::vector<json> panel_requests(const Documents& documents) {
    const json plan = documents.response(documents.answers());
    const json record = Documents::record();
    return {documents.panel_request("create", {{"record", record}}),
            documents.panel_request("edit", {{"published", plan}, {"record", record}}),
            documents.panel_request("continue", {{"published", plan}, {"draft", plan}}),
            documents.panel_request("read", {{"published", plan}}), documents.panel_request("note")};
}

std::optional<PanelAnswer> panel_of(const Scene& scene, const json& request) {
    const Answer answer = scene.policy.panel(request);
    if (answer.refused()) return std::nullopt;
    const json document = answered(answer, "panel");
    PanelAnswer panel;
    try {
        panel.action = request.at("action");
        panel.title = document.at("title");
        panel.mode = document.at("mode");
        panel.mode_words = document.at("mode_words");
        panel.core = document.at("core").get<std::vector<std::string>>();
        panel.more = document.at("more").get<std::vector<std::string>>();
        panel.initial = document.at("initial");
    } catch (const json::exception&) {
        throw Failed("panel answered what is no document policy-panel: " + excerpt(answer.text));
    }
    return panel;
}

PanelAnswer panel_or_not_applicable(const Scene& scene, const std::string& action, const json& members) {
    auto panel = panel_of(scene, scene.documents.panel_request(action, members));
    if (!panel) throw NotApplicable("This plugin refuses the action " + action + ".");
    return std::move(*panel);
}

}  // namespace careplug::tools
