// Puts one resource: its meta, its terms, its next version.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "resource_types.h"
#include "store.h"

namespace careplug::exchange {

struct Put {
    Version version;
    bool created = false;
    bool changed = true;  // false: the same as the current version, nothing was written
};

// `resource` has an id; its meta.versionId and meta.lastUpdated are set here. `before` is its current
// version.
Put put_resource(Transaction& transaction, const ResourceType& type, nlohmann::json& resource,
                 const std::optional<Version>& before, const std::string& author);

}  // namespace careplug::exchange
