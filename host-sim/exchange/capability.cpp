#include "capability.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "resource_types.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

json codes(std::initializer_list<const char*> names) {
    auto list = json::array();
    for (const char* name : names) list.push_back({{"code", name}});
    return list;
}

bool points_to(const SearchParameter& parameter, const std::string& type) {
    return parameter.kind == ParameterKind::reference &&
           std::find(parameter.targets.begin(), parameter.targets.end(), type) != parameter.targets.end();
}

json resource_of(const ResourceType& type) {
    json resource{{"type", type.name},
                  {"versioning", type.clients_write ? "versioned-update" : "versioned"},
                  {"readHistory", true}};
    auto& interactions = resource["interaction"] =
        codes({"read", "vread", "history-instance", "history-type", "search-type"});
    // Kept once and never changed.
    if (type.name == "AuditEvent") {
        interactions.push_back({{"code", "create"}});
        resource["updateCreate"] = true;
    }
    if (type.clients_write) {
        for (auto& each : codes({"create", "update"})) interactions.push_back(each);
        resource["updateCreate"] = true;
        resource["conditionalCreate"] = true;
    }
    for (const auto& parameter : type.parameters) {
        resource["searchParam"].push_back({{"name", parameter.name}, {"type", parameter.type()}});
        if (parameter.kind == ParameterKind::reference)
            resource["searchInclude"].push_back(type.name + ":" + parameter.name);
    }
    for (const auto& other : resource_types())
        for (const auto& parameter : other.parameters)
            if (points_to(parameter, type.name))
                resource["searchRevInclude"].push_back(other.name + ":" + parameter.name);
    return resource;
}

}  // namespace

std::string capability_statement(const std::string& base) {
    auto resources = json::array();
    for (const auto& type : resource_types()) resources.push_back(resource_of(type));
    const json statement{
        {"resourceType", "CapabilityStatement"},
        {"status", "active"},
        {"date", "2026-11-21"},
        {"kind", "instance"},
        {"software", {{"name", "careplug-exchange"}, {"version", CAREPLUG_VERSION}}},
        {"implementation", {{"description", "Urgent care plans"}, {"url", base}}},
        {"fhirVersion", "4.0.1"},
        {"format", {"application/fhir+json", "json"}},
        {"rest",
         json::array(
             {{{"mode", "server"},
               {"security",
                {{"description",
                  "Authorization: Bearer with the host's signed assertion of its user (JWT, RS256, at most "
                  "10 minutes, audience careplug-exchange)."}}},
               {"resource", std::move(resources)},
               {"interaction", codes({"batch", "transaction"})}}})}};
    return statement.dump();
}

}  // namespace careplug::exchange
