// JSON documents of docs/abi-documents.md to values and back.
#pragma once

#include <careplug/plugin/policy.h>
#include <nlohmann/json_fwd.hpp>

namespace careplug::plugin {

Knowledge knowledge_of(std::string_view word);
Knowledge knowledge_of(std::int32_t abi_value);

Session read_session(std::string_view document);
PolicyPatient read_patient(std::string_view document);

// `document` must outlive the request, which points into it.
nlohmann::json parse_object(std::string_view document);
PanelRequest read_panel_request(const Session& session, const nlohmann::json& document);
PlanDocument read_plan(const Session& session, std::string_view document);

struct Response {
    const plan::DataSet* data_set = nullptr;
    plan::Answers answers;
};
// `fallback` is the data set of a response that names none.
Response read_response(const Session& session, const nlohmann::json& response, const plan::DataSet* fallback);

std::string write(const Plugin& plugin);
std::string write(const std::vector<Action>& actions);
std::string write(const Panel& panel);
std::string write(const Summary& summary);
std::string write(const std::vector<Entry>& entries);
std::string write(const std::vector<plan::Issue>& issues);

}  // namespace careplug::plugin
