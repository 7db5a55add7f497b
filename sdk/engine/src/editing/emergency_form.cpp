#include "editing/emergency_form.h"

#include <nlohmann/json.hpp>

namespace careplug::engine {

using nlohmann::json;

std::shared_ptr<const plan::DataSet> emergency_form(const plan::DataSet& data_set) {
    json choices = json::array();
    int number = 0;
    for (const auto& reason : data_set.emergency_reasons)
        choices.push_back({{"valueCoding",
                            {{"system", "urn:x-local:careplug:emergency-reason"},
                             {"code", std::to_string(++number)},
                             {"display", reason}}}});
    const json question{{"linkId", emergency_reason},
                        {"text", "Why must the plan be opened now?"},
                        {"type", "open-choice"},
                        {"required", true},
                        {"answerOption", std::move(choices)}};
    const json questionnaire{{"resourceType", "Questionnaire"},
                             {"url", "urn:x-local:careplug:Questionnaire:break-glass"},
                             {"version", "1.0.0"},
                             {"title", "Open in an emergency"},
                             {"status", "active"},
                             {"item", json::array({{{"linkId", "emergency"},
                                                    {"text", "Open in an emergency"},
                                                    {"type", "group"},
                                                    {"item", json::array({question})}}})}};
    return std::make_shared<const plan::DataSet>(plan::read_data_set(questionnaire.dump()));
}

}  // namespace careplug::engine
