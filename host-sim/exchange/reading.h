// Read, vread, history and search.
#pragma once

#include "disclosure.h"
#include "message.h"
#include "saved_searches.h"

namespace careplug::exchange {

class Reader {
public:
    Reader(SavedSearches& saved, std::string base) : saved_(saved), base_(std::move(base)) {}

    Response read(View& view, Disclosure& disclosure, const ResourceType& type, const Request& request) const;
    Response history(View& view, Disclosure& disclosure, const ResourceType& type,
                     const Request& request) const;
    Response search(View& view, Disclosure& disclosure, const ResourceType& type, const Request& request,
                    const QueryParameters& parameters) const;

private:
    SavedSearches& saved_;
    std::string base_;
};

}  // namespace careplug::exchange
