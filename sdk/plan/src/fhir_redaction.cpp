#include <careplug/plan/fhir.h>

#include <array>
#include <stdexcept>

#include "json_reading.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* label_system = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
constexpr const char* label_code = "REDACTED";

Json labelled(Json resource, const Json& meta) {
    resource["meta"] = meta.is_object() ? meta : Json::object();
    resource["meta"]["security"] = Json::array({{{"system", label_system}, {"code", label_code}}});
    return resource;
}

// Members and extensions by name: what is not known to be harmless is left out.
template <std::size_t members, std::size_t urls>
Json only(const Json& resource, const std::array<const char*, members>& kept,
          const std::array<const char*, urls>& extensions_kept) {
    Json made = Json::object();
    for (const char* name : kept)
        if (const Json& value = member(resource, name); !value.is_null()) made[name] = value;
    Json list = Json::array();
    for (const char* url : extensions_kept)
        for (const Json* extension : extensions(resource, own(url))) list.push_back(*extension);
    if (!list.empty()) made["extension"] = std::move(list);
    return made;
}

// A plan whose own form is not there to tell content from the rest.
Json bare_plan(const Json& care_plan) {
    constexpr std::array kept{"resourceType", "id",     "identifier", "instantiatesCanonical",
                              "status",       "intent", "subject",    "category"};
    constexpr std::array extensions_kept{"plan-revision", "status-date", "status-since", "status-by",
                                         "status-organisation"};
    return only(care_plan, kept, extensions_kept);
}

}  // namespace

bool is_redacted(const nlohmann::json& resource) {
    for (const Json& label : list_of(member(resource, "meta"), "security"))
        if (text_of(label, "system") == label_system && text_of(label, "code") == label_code) return true;
    return false;
}

nlohmann::json redacted_plan(const DataSet* data_set, const nlohmann::json& care_plan) {
    const Json& meta = member(care_plan, "meta");
    if (data_set == nullptr) return labelled(bare_plan(care_plan), meta);
    try {
        return labelled(write_plan(*data_set, without_content(read_plan(*data_set, care_plan))), meta);
    } catch (const std::invalid_argument&) {
        return labelled(bare_plan(care_plan), meta);
    }
}

nlohmann::json redacted_response(const nlohmann::json& questionnaire_response) {
    constexpr std::array kept{"resourceType",  "id",     "identifier", "basedOn",
                              "questionnaire", "status", "subject",    "authored"};
    constexpr std::array extensions_kept{"revision-status"};
    return labelled(only(questionnaire_response, kept, extensions_kept),
                    member(questionnaire_response, "meta"));
}

}  // namespace careplug::plan::fhir
