#include <careplug/plan/fhir.h>
#include <nlohmann/json.hpp>

#include "documents.h"

namespace careplug::plugin {

using nlohmann::json;

std::string write(const Plugin& plugin) {
    return json{
        {"id", plugin.id}, {"version", plugin.version}, {"title", plugin.title}, {"view", plugin.view}}
        .dump();
}

std::string write(const std::vector<Action>& actions) {
    json list = json::array();
    for (const Action& action : actions)
        list.push_back({{"id", action.id}, {"label", action.label}, {"primary", action.primary}});
    return json{{"actions", std::move(list)}}.dump();
}

std::string write(const Panel& panel) {
    if (panel.data_set == nullptr) throw std::logic_error("a panel names its data set");
    return json{{"title", panel.title},
                {"mode", panel.mode},
                {"mode_words", panel.mode_words},
                {"core", panel.core},
                {"more", panel.more},
                {"initial",
                 {{"resourceType", "QuestionnaireResponse"},
                  {"questionnaire", panel.data_set->canonical()},
                  {"status", "in-progress"},
                  {"item", plan::fhir::write_items(*panel.data_set, panel.initial)}}}}
        .dump();
}

std::string write(const Summary& summary) {
    return json{{"text", summary.text}, {"html", summary.html}, {"valid_as_of", summary.valid_as_of}}.dump();
}

std::string write(const std::vector<Entry>& entries) {
    json list = json::array();
    for (const Entry& entry : entries)
        list.push_back(
            {{"code",
              {{"system", entry.code.system}, {"code", entry.code.code}, {"display", entry.code.display}}},
             {"text", entry.text},
             {"date", entry.date}});
    return json{{"entries", std::move(list)}}.dump();
}

std::string write(const std::vector<plan::Issue>& issues) {
    return plan::fhir::operation_outcome(issues).dump();
}

}  // namespace careplug::plugin
