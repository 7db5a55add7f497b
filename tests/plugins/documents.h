// The documents that an engine sends to a policy, made from the data sets of the project.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plugin.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace careplug::test {

const plan::DataSet& urgent_care_plan();
const plan::DataSet& urgent_care_contact();

std::string session_document(const std::string& view, const std::string& role, bool may_edit = true,
                             bool may_note = true);
// With another Questionnaire of plans than the project's own.
std::string session_with(const std::string& view, const nlohmann::json& questionnaire);
std::string patient_document(const std::string& knowledge, bool fresh, bool own_draft = false,
                             unsigned revision = 0);

// A small published plan: DNACPR, an advance decision, an attorney, a name with markup in it.
plan::Answers published_answers();
nlohmann::json response_of(const plan::Answers& answers);
inline nlohmann::json full_response() {
    return response_of(published_answers());
}

nlohmann::json record_bundle();
std::string panel_request(const std::string& action,
                          const nlohmann::json& members = nlohmann::json::object());
std::string plan_document(const std::string& status = "active",
                          const nlohmann::json& response = full_response());

// By their ids in the data set; the slot and rank are the data set's.
careplug_policy_flag flag(const std::string& id, std::uint32_t patient = 0);
std::vector<careplug_policy_flag> flags_of_one_patient(const std::vector<std::string>& ids);

}  // namespace careplug::test
