// A search as it was asked, checked against the table of parameters. What is not known is refused: a
// parameter that is passed over would answer another question.
#pragma once

#include <utility>

#include "resource_types.h"
#include "store.h"

namespace careplug::exchange {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// "QuestionnaireResponse:based-on"
struct Inclusion {
    const ResourceType* type = nullptr;
    const SearchParameter* parameter = nullptr;
};

struct SearchQuery {
    const ResourceType* type = nullptr;
    Search search;
    bool total = false;
    std::vector<Inclusion> include;
    std::vector<Inclusion> revinclude;
};

// Throws Problem 400. `base` is this server's address, for absolute references.
SearchQuery read_search(const ResourceType& type, const QueryParameters& parameters, const std::string& base);

// The number of a _count.
std::size_t read_count(const std::string& text);

// The criteria of If-None-Exist: at least one, and no result parameters.
Search read_condition(const ResourceType& type, const std::string& query, const std::string& base);

// "a=b&c=d", decoded. Throws Problem 400.
QueryParameters read_query(const std::string& text);

}  // namespace careplug::exchange
