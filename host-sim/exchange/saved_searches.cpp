#include "saved_searches.h"

#include "identifiers.h"
#include "problem.h"

namespace careplug::exchange {

namespace {

constexpr std::size_t most_searches = 5000;

}  // namespace

std::string SavedSearches::save(SearchQuery query, std::int64_t after) {
    query.search.after = after;
    query.total = false;
    auto cursor = new_uuid();
    const std::lock_guard lock(mutex_);
    if (searches_.size() >= most_searches) {
        searches_.erase(by_age_.begin()->second);
        by_age_.erase(by_age_.begin());
    }
    searches_.emplace(cursor, std::move(query));
    by_age_.emplace(saved_++, cursor);
    return cursor;
}

SearchQuery SavedSearches::find(const ResourceType& type, const std::string& cursor) {
    const std::lock_guard lock(mutex_);
    const auto found = searches_.find(cursor);
    if (found == searches_.end() || found->second.type != &type)
        throw Problem(410, "expired",
                      "This page of the search is not kept any more: search again from its start.");
    return found->second;
}

}  // namespace careplug::exchange
