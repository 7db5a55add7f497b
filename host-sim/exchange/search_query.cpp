#include "search_query.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

#include "problem.h"
#include "times.h"

namespace careplug::exchange {

namespace {

constexpr std::size_t usual_count = 50;
constexpr std::size_t most_values = 5000;

[[noreturn]] void refuse(const std::string& words) {
    throw Problem(400, "value", words);
}

// Splits at `separator`; a backslash takes the next character as it is.
std::vector<std::string> split(const std::string& text, char separator, bool keep_escapes) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            if (keep_escapes) parts.back() += text[i];
            parts.back() += text[++i];
        } else if (text[i] == separator) {
            parts.emplace_back();
        } else {
            parts.back() += text[i];
        }
    }
    return parts;
}

WantedValue token(const std::string& name, const std::string& text) {
    auto parts = split(text, '|', false);
    if (parts.size() > 2 || parts.back().empty())
        refuse("The search parameter " + name + " takes value, |value or system|value.");
    if (parts.size() == 1) return {std::nullopt, parts[0]};
    return {parts[0], parts[1]};
}

WantedValue reference(const SearchParameter& parameter, std::string text, const std::string& base) {
    if (text.starts_with(base + "/")) text.erase(0, base.size() + 1);
    const auto slash = text.find('/');
    if (slash == std::string::npos && parameter.targets.size() == 1)
        text = parameter.targets.front() + "/" + text;
    const auto type = text.substr(0, text.find('/'));
    const auto id = text.substr(std::min(text.size(), type.size() + 1));
    const auto stem = id.substr(0, id.find("/_history/"));
    if (std::find(parameter.targets.begin(), parameter.targets.end(), type) == parameter.targets.end() ||
        !is_resource_id(stem))
        refuse("The search parameter " + parameter.name + " takes a reference such as " +
               parameter.targets.front() + "/id.");
    return {std::nullopt, text};
}

Criterion updated(const std::string& text) {
    Criterion criterion;
    criterion.kind = Criterion::Kind::updated;
    std::string prefix = "eq", date = text;
    if (date.size() > 2 && std::isalpha(static_cast<unsigned char>(date[0]))) {
        prefix = date.substr(0, 2);
        date.erase(0, 2);
    }
    const auto span = span_of(date);
    if (!span) refuse("_lastUpdated takes a date or dateTime, with ge, gt, le, lt or eq before it.");
    constexpr Milliseconds never = INT64_MAX;
    if (prefix == "eq") {
        criterion.from = span->from;
        criterion.until = span->until;
    } else if (prefix == "ge" || prefix == "gt") {
        criterion.from = prefix == "ge" ? span->from : span->until;
        criterion.until = never;
    } else if (prefix == "le" || prefix == "lt") {
        criterion.until = prefix == "le" ? span->until : span->from;
    } else {
        refuse("_lastUpdated takes ge, gt, le, lt or eq before a date.");
    }
    return criterion;
}

Criterion criterion_of(const ResourceType& type, const SearchParameter& parameter, const std::string& text,
                       const std::string& base) {
    if (text.empty()) refuse("The search parameter " + parameter.name + " has no value.");
    if (parameter.kind == ParameterKind::updated) return updated(text);
    Criterion criterion;
    criterion.parameter = type.term(parameter);
    criterion.selective = parameter.selective();
    if (parameter.kind == ParameterKind::id) criterion.kind = Criterion::Kind::id;
    if (parameter.kind == ParameterKind::patient_identifier) {
        criterion.chain_from = type.name + ".patient";
        criterion.chain_to = "Patient.identifier";
    }
    for (const auto& value : split(text, ',', true)) {
        if (value.empty())
            refuse("The search parameter " + parameter.name + " has an empty value in its list.");
        switch (parameter.kind) {
            case ParameterKind::reference:
                criterion.values.push_back(reference(parameter, split(value, '\0', false)[0], base));
                break;
            case ParameterKind::canonical:
            case ParameterKind::uri:
            case ParameterKind::id:
                criterion.values.push_back({std::nullopt, split(value, '\0', false)[0]});
                break;
            default:
                criterion.values.push_back(token(parameter.name, value));
        }
    }
    if (criterion.values.size() > most_values)
        refuse("The search parameter " + parameter.name + " has more than " + std::to_string(most_values) +
               " values: ask in parts.");
    return criterion;
}

Inclusion inclusion(const std::string& name, const std::string& text) {
    const auto colon = text.find(':');
    const auto* type = find_resource_type(text.substr(0, colon));
    const auto* parameter =
        type != nullptr && colon != std::string::npos ? type->find(text.substr(colon + 1)) : nullptr;
    if (parameter == nullptr || parameter->kind != ParameterKind::reference)
        refuse(name + " takes a reference parameter of a type, such as QuestionnaireResponse:based-on.");
    return {type, parameter};
}

bool points_to(const Inclusion& inclusion, const ResourceType& type) {
    const auto& targets = inclusion.parameter->targets;
    return std::find(targets.begin(), targets.end(), type.name) != targets.end();
}

}  // namespace

std::size_t read_count(const std::string& text) {
    constexpr std::size_t most = 1000;
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
        refuse("_count takes a whole number.");
    return std::min(most, static_cast<std::size_t>(std::stoul(text)));
}

SearchQuery read_search(const ResourceType& type, const QueryParameters& parameters,
                        const std::string& base) {
    SearchQuery query;
    query.type = &type;
    query.search.type = type.name;
    query.search.count = usual_count;
    for (const auto& [name, value] : parameters) {
        if (name == "_count") {
            query.search.count = read_count(value);
        } else if (name == "_total") {
            if (value != "accurate" && value != "none") refuse("_total takes accurate or none.");
            query.total = value == "accurate";
        } else if (name == "_format") {
            if (value != "json" && value != "application/json" && value != "application/fhir+json")
                throw Problem(406, "not-supported",
                              "This server answers with JSON alone: leave _format out.");
        } else if (name == "_include") {
            query.include.push_back(inclusion(name, value));
            if (query.include.back().type != &type)
                refuse("_include takes a parameter of the type searched.");
        } else if (name == "_revinclude") {
            query.revinclude.push_back(inclusion(name, value));
            if (!points_to(query.revinclude.back(), type))
                refuse("_revinclude takes a parameter that points to the type searched.");
        } else if (const auto* parameter = type.find(name)) {
            query.search.criteria.push_back(criterion_of(type, *parameter, value, base));
        } else {
            throw Problem(400, "not-supported",
                          "A search of " + type.name + " does not know the parameter '" + name.substr(0, 64) +
                              "': it is refused, not passed over. /fhir/metadata lists those it knows.");
        }
    }
    if (query.search.count == 0) query.total = true;
    return query;
}

Search read_condition(const ResourceType& type, const std::string& text, const std::string& base) {
    const auto start = text.find('?');
    const auto parameters = read_query(start == std::string::npos ? text : text.substr(start + 1));
    for (const auto& [name, value] : parameters)
        if (type.find(name) == nullptr)
            throw Problem(400, "not-supported",
                          "If-None-Exist has a parameter that this server does not know.");
    if (parameters.empty()) refuse("If-None-Exist takes at least one search parameter.");
    auto search = read_search(type, parameters, base).search;
    search.count = 2;
    return search;
}

QueryParameters read_query(const std::string& text) {
    QueryParameters parameters;
    std::size_t start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find('&', start), text.size());
        auto pair = text.substr(start, end - start);
        start = end + 1;
        if (pair.empty()) continue;
        std::replace(pair.begin(), pair.end(), '+', ' ');
        const auto equals = std::min(pair.find('='), pair.size());
        std::string name, value;
        try {
            Poco::URI::decode(pair.substr(0, equals), name);
            Poco::URI::decode(pair.substr(std::min(pair.size(), equals + 1)), value);
        } catch (const Poco::Exception&) {
            refuse("The query has a % that two hexadecimal digits do not follow.");
        }
        parameters.emplace_back(std::move(name), std::move(value));
    }
    return parameters;
}

}  // namespace careplug::exchange
