// A panel's document as values, and the requests that tests make.
#pragma once

#include <optional>

#include "scene.h"

namespace careplug::tools {

struct PanelAnswer {
    std::string action;
    std::string title;
    std::string mode;
    std::string mode_words;
    std::vector<std::string> core;
    std::vector<std::string> more;
    json initial;

    plan::Answers answers(const plan::DataSet& data_set) const;
};

// The published plan of the first person.
json published(const Scene& scene);
// One request for each action, each with all that it needs.
std::vector<json> panel_requests(const Documents& documents);
// Nothing where the plugin refuses the request. Throws Failed where the document is not a panel's.
std::optional<PanelAnswer> panel_of(const Scene& scene, const json& request);
PanelAnswer panel_or_not_applicable(const Scene& scene, const std::string& action, const json& members);

}  // namespace careplug::tools
