#include "provenance.h"

#include "identifiers.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

json coding(const char* system, const std::string& code) {
    return {{"coding", json::array({{{"system", system}, {"code", code}}})}};
}

json agent_of(const plan::Actor& actor) {
    json agent{
        {"type", coding("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "author")},
        {"role", json::array({coding("urn:x-local:careplug:role", actor.role)})},
        {"who",
         {{"identifier",
           {{"system", "urn:x-local:careplug:issuer:" + actor.issuer}, {"value", actor.subject}}},
          {"display", actor.words()}}}};
    if (actor.organisation.empty() && actor.organisation_name.empty()) return agent;
    auto& organisation = agent["onBehalfOf"];
    if (!actor.organisation.empty())
        organisation["identifier"] = {{"system", "https://fhir.nhs.uk/Id/ods-organization-code"},
                                      {"value", actor.organisation}};
    if (!actor.organisation_name.empty()) organisation["display"] = actor.organisation_name;
    return agent;
}

}  // namespace

void write_provenance(Transaction& transaction, const plan::Actor& actor,
                      const std::vector<Written>& writes) {
    auto targets = json::array();
    for (const auto& write : writes)
        if (write.put.changed)
            targets.push_back({{"reference", write.put.version.reference() + "/_history/" +
                                                 std::to_string(write.put.version.version)}});
    if (targets.empty()) return;
    json provenance{{"resourceType", "Provenance"},
                    {"id", new_uuid()},
                    {"target", std::move(targets)},
                    {"recorded", instant(transaction.now())},
                    {"agent", json::array({agent_of(actor)})}};
    put_resource(transaction, resource_type("Provenance"), provenance, std::nullopt, author_key(actor));
}

}  // namespace careplug::exchange
