#include "samples.h"

namespace careplug::tools {

std::vector<Sample> ordinary_samples(const Documents& documents) {
    const auto& [actions, panel, check, summary, write_back] = document_functions;
    const json published = documents.response(documents.answers());
    plan::Answers changed = documents.answers();
    changed.set("pref.matters", std::string("My cat"));
    const json draft = documents.response(changed);
    const json plan = documents.plan_document(documents.answers());
    return {
        {actions, Documents::patient("plan", true).dump()},
        {actions, Documents::patient("no-plan", true).dump()},
        {actions, Documents::patient("not-known", false).dump()},
        {panel, documents.panel_request("create", {{"record", Documents::record()}}).dump()},
        {panel, documents.panel_request("edit", {{"published", published}}).dump()},
        {panel, documents.panel_request("continue", {{"published", published}, {"draft", draft}}).dump()},
        {panel, documents.panel_request("read", {{"published", published}}).dump()},
        {panel, documents.panel_request("note").dump()},
        {check, published.dump()},
        {summary, plan.dump()},
        {write_back, plan.dump()},
    };
}

namespace {

// Every value below the document, in the order of its text.
void collect(json& value, std::vector<json*>& all) {
    if (!value.is_structured()) return;
    for (json& member : value) {
        all.push_back(&member);
        collect(member, all);
    }
}

json something_else(std::mt19937_64& random) {
    switch (random() % 9) {
        case 0:
            return nullptr;
        case 1:
            return -1;
        case 2:
            return 1e300;
        case 3:
            return true;
        case 4:
            return json::array();
        case 5:
            return json::object();
        case 6:
            return json::array({json::array({7}), "x"});
        case 7:
            return {{"linkId", 7}, {"answer", "x"}, {"item", {{{"linkId", "cpr.decision"}}}}};
        default:
            return std::string(1 + random() % 300, 'x');
    }
}

}  // namespace

std::string with_wrong_shapes(const std::string& document, std::mt19937_64& random) {
    json changed = json::parse(document);
    for (std::uint64_t count = 1 + random() % 3; count > 0; --count) {
        std::vector<json*> all;
        collect(changed, all);
        if (all.empty()) break;
        *all[random() % all.size()] = something_else(random);
    }
    return changed.dump();
}

}  // namespace careplug::tools
