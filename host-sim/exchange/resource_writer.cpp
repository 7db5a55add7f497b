#include "resource_writer.h"

#include <nlohmann/json.hpp>

#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

void set_meta(nlohmann::json& resource, std::int64_t version, Milliseconds updated) {
    resource["meta"]["versionId"] = std::to_string(version);
    resource["meta"]["lastUpdated"] = instant(updated);
}

}  // namespace

Put put_resource(Transaction& transaction, const ResourceType& type, nlohmann::json& resource,
                 const std::optional<Version>& before, const std::string& author) {
    const auto id = text_of(resource, "id");
    if (before) {
        set_meta(resource, before->version, before->updated);
        if (resource.dump() == before->body) return {*before, false, false};
    }
    const std::int64_t version = before ? before->version + 1 : 1;
    set_meta(resource, version, transaction.now());
    return {transaction.put(type.name, id, version, author, resource.dump(), terms_of(type, resource)),
            !before, true};
}

}  // namespace careplug::exchange
