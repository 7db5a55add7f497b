#include "structure.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "problem.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

enum class Shape { text, boolean, object, list };

struct Element {
    Shape shape;
    bool required = false;
    std::vector<std::string> codes{};  // of a required code element
};

using Elements = std::map<std::string, Element, std::less<>>;

constexpr auto text = Shape::text;
constexpr auto object = Shape::object;
constexpr auto list = Shape::list;

const Elements common{{"resourceType", {text, true}}, {"id", {text}},       {"meta", {object}},
                      {"implicitRules", {text}},      {"language", {text}}, {"text", {object}},
                      {"extension", {list}}};

const std::map<std::string, Elements, std::less<>> types{
    {"Patient",
     {{"identifier", {list}},
      {"active", {Shape::boolean}},
      {"name", {list}},
      {"telecom", {list}},
      {"gender", {text, false, {"male", "female", "other", "unknown"}}},
      {"birthDate", {text}},
      {"deceasedBoolean", {Shape::boolean}},
      {"deceasedDateTime", {text}},
      {"address", {list}},
      {"maritalStatus", {object}},
      {"contact", {list}},
      {"communication", {list}},
      {"generalPractitioner", {list}},
      {"link", {list}},
      {"managingOrganization", {object}}}},
    {"CarePlan",
     {{"contained", {list, true}},
      {"identifier", {list, true}},
      {"instantiatesCanonical", {list, true}},
      {"status", {text, true, {"active", "on-hold", "completed", "entered-in-error"}}},
      {"intent", {text, true, {"plan"}}},
      {"category", {list}},
      {"title", {text}},
      {"description", {text}},
      {"subject", {object, true}},
      {"period", {object}},
      {"created", {text}},
      {"author", {object}},
      {"contributor", {list}},
      {"supportingInfo", {list, true}},
      {"note", {list}}}},
    {"QuestionnaireResponse",
     {{"identifier", {object, true}},
      {"basedOn", {list, true}},
      {"questionnaire", {text, true}},
      {"status", {text, true, {"in-progress", "completed", "amended", "entered-in-error", "stopped"}}},
      {"subject", {object, true}},
      {"authored", {text}},
      {"author", {object}},
      {"source", {object}},
      {"item", {list}}}},
    {"Consent",
     {{"identifier", {list}},
      {"status", {text, true, {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}}},
      {"scope", {object, true}},
      {"category", {list, true}},
      {"patient", {object, true}},
      {"dateTime", {text}},
      {"performer", {list}},
      {"organization", {list}},
      {"sourceReference", {object}},
      {"policy", {list}},
      {"policyRule", {object}},
      {"verification", {list}},
      {"provision", {object}}}},
    {"Task",
     {{"identifier", {list}},
      {"contained", {list}},
      {"status", {text, true, {"requested", "completed", "rejected", "cancelled"}}},
      {"statusReason", {object}},
      {"intent", {text, true, {"order", "proposal"}}},
      {"code", {object, true}},
      {"focus", {object, true}},
      {"for", {object, true}},
      {"authoredOn", {text}},
      {"lastModified", {text}},
      {"requester", {object}},
      {"owner", {object}},
      {"input", {list}},
      {"output", {list}}}},
    {"RelatedPerson",
     {{"identifier", {list, true}},
      {"active", {Shape::boolean, true}},
      {"patient", {object, true}},
      {"relationship", {list}},
      {"name", {list}},
      {"telecom", {list}},
      {"period", {object}}}},
    {"Flag",
     {{"identifier", {list}},
      {"status", {text, true, {"active", "inactive", "entered-in-error"}}},
      {"category", {list}},
      {"code", {object, true}},
      {"subject", {object, true}},
      {"period", {object}},
      {"author", {object}}}},
};

[[noreturn]] void refuse(const std::string& words) {
    throw Problem(422, "structure", words);
}

bool has_shape(const json& value, Shape shape) {
    switch (shape) {
        case Shape::text:
            return value.is_string();
        case Shape::boolean:
            return value.is_boolean();
        case Shape::object:
            return value.is_object();
        case Shape::list:
            return value.is_array();
    }
    return false;
}

const char* words_of(Shape shape) {
    switch (shape) {
        case Shape::text:
            return "a text";
        case Shape::boolean:
            return "true or false";
        case Shape::object:
            return "an object";
        case Shape::list:
            break;
    }
    return "a list";
}

void check_elements(const json& resource, const Elements& elements, const std::string& type) {
    for (const auto& [name, element] : elements) {
        const auto found = resource.find(name);
        if (found == resource.end()) {
            if (element.required) refuse(type + " needs the element " + name + ".");
            continue;
        }
        if (!has_shape(*found, element.shape))
            refuse(type + "." + name + " must be " + words_of(element.shape) + ".");
        if (!element.codes.empty() && std::find(element.codes.begin(), element.codes.end(),
                                                found->get<std::string>()) == element.codes.end())
            refuse(type + "." + name + " has a code that is not allowed here.");
    }
}

// FHIR has no nulls, empty objects, empty lists or empty texts; and Provenance is nobody's to write.
void check_content(const json& value) {
    if (value.is_null() || (value.is_structured() && value.empty()) ||
        (value.is_string() && value.get_ref<const std::string&>().empty()))
        refuse("An element is null or empty: leave it out instead.");
    if (value.is_array())
        for (const auto& each : value) check_content(each);
    const auto* members = value.get_ptr<const json::object_t*>();
    if (members == nullptr) return;
    for (const auto& [name, each] : *members) {
        // A summary without answers is a summary all the same.
        if (name != "item" || !each.is_array() || !each.empty()) check_content(each);
    }
    const auto type = text_of(value, "resourceType");
    if (type == "Provenance" || type == "AuditEvent")
        refuse(type + " is written by the exchange itself from the verified identity: leave it out.");
}

void check_reference(const json& reference, const std::string& name) {
    const auto literal = text_of(reference, "reference");
    if (literal.empty() && !reference.contains("identifier"))
        refuse(name + " needs a reference or an identifier.");
    if (literal.find('?') != std::string::npos) refuse(name + ": conditional references are not supported.");
}

const std::map<std::string, bool (*)(const json&), std::less<>> answer_values{
    {"valueBoolean", [](const json& value) { return value.is_boolean(); }},
    {"valueDecimal", [](const json& value) { return value.is_number(); }},
    {"valueInteger", [](const json& value) { return value.is_number_integer(); }},
    {"valueDate", [](const json& value) { return value.is_string(); }},
    {"valueDateTime", [](const json& value) { return value.is_string(); }},
    {"valueTime", [](const json& value) { return value.is_string(); }},
    {"valueString", [](const json& value) { return value.is_string(); }},
    {"valueUri", [](const json& value) { return value.is_string(); }},
    {"valueCoding", [](const json& value) { return value.is_object(); }},
    {"valueQuantity", [](const json& value) { return value.is_object(); }},
    {"valueReference", [](const json& value) { return value.is_object(); }},
    {"valueAttachment", [](const json& value) { return value.is_object(); }},
};

void check_items(const json& items);

void check_answer(const json& answer) {
    if (!answer.is_object()) refuse("An answer must be an object.");
    int values = 0;
    for (const auto& [name, value] : answer.items()) {
        if (const auto kind = answer_values.find(name); kind != answer_values.end()) {
            ++values;
            if (!kind->second(value)) refuse("An answer's " + name + " has the wrong JSON type.");
        } else if (name == "item") {
            check_items(value);
        } else if (name != "extension" && name != "id" && !name.starts_with("_value")) {
            refuse("An answer has an element that FHIR does not know.");
        }
    }
    if (values != 1) refuse("An answer needs exactly one value.");
}

void check_items(const json& items) {
    if (!items.is_array()) refuse("QuestionnaireResponse.item must be a list.");
    for (const auto& item : items) {
        if (text_of(item, "linkId").empty()) refuse("Each item of a QuestionnaireResponse needs a linkId.");
        if (const auto answers = item.find("answer"); answers != item.end()) {
            if (!answers->is_array()) refuse("An item's answer must be a list.");
            for (const auto& answer : *answers) check_answer(answer);
        }
        if (const auto below = item.find("item"); below != item.end()) check_items(*below);
    }
}

void check_contained(const json& contained) {
    for (const auto& resource : contained) {
        if (text_of(resource, "resourceType") != "QuestionnaireResponse")
            refuse("A resource contains a QuestionnaireResponse here, and nothing else.");
        if (const auto items = resource.find("item"); items != resource.end()) check_items(*items);
    }
}

}  // namespace

void check_structure(const ResourceType& type, const json& resource) {
    const auto& elements = types.at(type.name);
    check_content(resource);
    check_elements(resource, common, type.name);
    check_elements(resource, elements, type.name);
    for (const auto& [name, value] : resource.items())
        if (!common.contains(name) && !elements.contains(name) && !name.starts_with("_"))
            refuse(type.name + " has the element '" + name.substr(0, 64) +
                   "', which this server does not take.");
    for (const char* reference : {"subject", "patient"})
        if (elements.contains(reference))
            check_reference(resource.at(reference), type.name + "." + reference);
    if (const auto items = resource.find("item"); items != resource.end()) check_items(*items);
    if (const auto contained = resource.find("contained"); contained != resource.end())
        check_contained(*contained);
    if (type.name == "Flag" && resource.contains("period") && resource["period"].contains("end"))
        refuse("A Flag of a plan has no period.end: an overdue review does not end a decision.");
}

}  // namespace careplug::exchange
