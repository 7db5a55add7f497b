// Searches whose next page can be asked for. Kept here and named by a random cursor, so that a link to a next
// page holds no identities.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "search_query.h"

namespace careplug::exchange {

class SavedSearches {
public:
    // A cursor for the rest of this search, after the resource of this number.
    std::string save(SearchQuery query, std::int64_t after);
    // Throws Problem 410 when it is not kept any more.
    SearchQuery find(const ResourceType& type, const std::string& cursor);

private:
    std::mutex mutex_;
    std::map<std::string, SearchQuery> searches_;
    std::map<std::uint64_t, std::string> by_age_;
    std::uint64_t saved_ = 0;
};

}  // namespace careplug::exchange
