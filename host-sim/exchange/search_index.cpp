#include "search_index.h"

#include <nlohmann/json.hpp>

namespace careplug::exchange {

namespace {

using nlohmann::json;

void walk(const json& element, std::string_view path, std::vector<const json*>& found) {
    if (element.is_array()) {
        for (const auto& each : element) walk(each, path, found);
        return;
    }
    if (path.empty()) {
        found.push_back(&element);
        return;
    }
    if (!element.is_object()) return;
    const auto dot = path.find('.');
    const auto member = element.find(std::string(path.substr(0, dot)));
    if (member == element.end()) return;
    walk(*member, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), found);
}

void add(std::vector<Term>& terms, const std::string& parameter, std::string system, std::string value) {
    if (!value.empty()) terms.push_back({parameter, std::move(system), std::move(value)});
}

void add_text(std::vector<Term>& terms, const std::string& parameter, const json& element) {
    if (element.is_string()) add(terms, parameter, "", element.get<std::string>());
}

// "url|version" is also found by "url", a versioned reference also by "Type/id".
void add_with_stem(std::vector<Term>& terms, const std::string& parameter, const std::string& text,
                   const std::string& separator) {
    add(terms, parameter, "", text);
    if (const auto end = text.find(separator); end != std::string::npos)
        add(terms, parameter, "", text.substr(0, end));
}

void add_term(std::vector<Term>& terms, const std::string& name, ParameterKind kind, const json& element) {
    switch (kind) {
        case ParameterKind::identifier:
        case ParameterKind::patient_identifier:
            add(terms, name, text_of(element, "system"), text_of(element, "value"));
            break;
        case ParameterKind::tag:
            add(terms, name, text_of(element, "system"), text_of(element, "code"));
            break;
        case ParameterKind::code:
        case ParameterKind::uri:
            add_text(terms, name, element);
            break;
        case ParameterKind::concept_:
            for (const json* coding : elements_at(element, "coding"))
                add(terms, name, text_of(*coding, "system"), text_of(*coding, "code"));
            break;
        case ParameterKind::reference:
            if (const auto reference = text_of(element, "reference");
                !reference.empty() && reference.front() != '#')
                add_with_stem(terms, name, reference, "/_history/");
            break;
        case ParameterKind::canonical:
            if (element.is_string()) add_with_stem(terms, name, element.get<std::string>(), "|");
            break;
        case ParameterKind::id:
        case ParameterKind::updated:
            break;  // columns of their own
    }
}

}  // namespace

std::vector<const json*> elements_at(const json& resource, std::string_view path) {
    std::vector<const json*> found;
    walk(resource, path, found);
    return found;
}

std::string text_of(const json& object, const char* member) {
    if (!object.is_object()) return {};
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<Term> terms_of(const ResourceType& type, const json& resource) {
    std::vector<Term> terms;
    for (const auto& parameter : type.parameters)
        for (const json* element : elements_at(resource, parameter.path))
            add_term(terms, type.term(parameter), parameter.kind, *element);
    return terms;
}

}  // namespace careplug::exchange
