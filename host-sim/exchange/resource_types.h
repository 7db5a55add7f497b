// The table of what this server keeps. Router, index, search and CapabilityStatement all read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace careplug::exchange {

enum class ParameterKind {
    id,          // of the resource
    identifier,  // Identifier: system|value
    code,        // code
    concept_,    // CodeableConcept: system|code
    tag,         // Coding: system|code
    reference,   // Type/id
    canonical,   // url or url|version
    uri,
    patient_identifier,  // of the person the resource is about, by its own reference or the Patient's
    updated,             // meta.lastUpdated
};

struct SearchParameter {
    std::string name;
    ParameterKind kind;
    std::string path;                  // elements, separated by dots; where arrays stand, each element counts
    std::vector<std::string> targets;  // of a reference

    // Few resources share a value.
    bool selective() const;
    // FHIR's search parameter type.
    const char* type() const;
};

struct ResourceType {
    std::string name;
    bool clients_write = true;
    // An update needs If-Match. Without: also allowed in a transaction that writes the CarePlan, whose
    // If-Match then guards all of it.
    bool own_if_match = true;
    std::vector<SearchParameter> parameters;

    const SearchParameter* find(std::string_view parameter) const;
    // "CarePlan.status"
    std::string term(const SearchParameter& parameter) const { return name + "." + parameter.name; }
};

const std::vector<ResourceType>& resource_types();
// Throws Problem 404 for a type that this server does not know.
const ResourceType& resource_type(std::string_view name);
// Nothing where it is not known.
const ResourceType* find_resource_type(std::string_view name);

bool is_resource_id(std::string_view text);

}  // namespace careplug::exchange
