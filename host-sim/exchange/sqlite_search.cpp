#include "sqlite_search.h"

#include <nlohmann/json.hpp>

namespace careplug::exchange {

namespace {

// [["system or null", "value"], ...]: any number of values is one parameter.
std::string wanted_values(const Criterion& criterion) {
    auto list = nlohmann::json::array();
    for (const auto& wanted : criterion.values) {
        nlohmann::json system;
        if (wanted.system) system = *wanted.system;
        list.push_back(nlohmann::json::array({std::move(system), wanted.value}));
    }
    return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

const std::string matches =
    "t.value = json_extract(j.value, '$[1]') AND"
    " (json_extract(j.value, '$[0]') IS NULL OR t.system = json_extract(j.value, '$[0]'))";

void add_term(const Criterion& criterion, SearchStatement& statement) {
    const std::string values = wanted_values(criterion);
    auto& parameters = statement.parameters;
    if (!criterion.selective && criterion.chain_to.empty()) {
        statement.condition +=
            " AND EXISTS (SELECT 1 FROM term t WHERE t.resource = r.number AND t.parameter = ?"
            " AND EXISTS (SELECT 1 FROM json_each(?) j WHERE " +
            matches + "))";
        parameters.insert(parameters.end(), {criterion.parameter, values});
        return;
    }
    statement.condition +=
        " AND r.number IN (SELECT t.resource FROM json_each(?) j CROSS JOIN term t"
        " WHERE t.parameter = ? AND " +
        matches;
    parameters.insert(parameters.end(), {values, criterion.parameter});
    if (!criterion.chain_to.empty()) {
        statement.condition +=
            " UNION SELECT f.resource FROM json_each(?) j CROSS JOIN term t CROSS JOIN resource p CROSS JOIN "
            "term f"
            " WHERE t.parameter = ? AND " +
            matches + " AND p.number = t.resource AND f.parameter = ? AND f.value = p.type || '/' || p.id";
        parameters.insert(parameters.end(), {values, criterion.chain_to, criterion.chain_from});
    }
    statement.condition += ")";
}

}  // namespace

SearchStatement search_statement(const Search& search) {
    SearchStatement statement{"r.type = ?", {search.type}};
    for (const auto& criterion : search.criteria) {
        switch (criterion.kind) {
            case Criterion::Kind::id:
                statement.condition +=
                    " AND r.id IN (SELECT json_extract(j.value, '$[1]') FROM json_each(?) j)";
                statement.parameters.emplace_back(wanted_values(criterion));
                break;
            case Criterion::Kind::updated:
                statement.condition += " AND r.updated >= ? AND r.updated < ?";
                statement.parameters.insert(statement.parameters.end(), {criterion.from, criterion.until});
                break;
            case Criterion::Kind::term:
                add_term(criterion, statement);
                break;
        }
    }
    return statement;
}

}  // namespace careplug::exchange
