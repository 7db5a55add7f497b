#include "parsed_bodies.h"

#include <nlohmann/json.hpp>

namespace careplug::exchange {

namespace {

// Some 50 kB each.
constexpr std::size_t most_kept = 500;

}  // namespace

std::shared_ptr<const nlohmann::json> ParsedBodies::of(const Version& version) {
    const auto reference = version.reference();
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = kept_.find(reference);
            found != kept_.end() && found->second.body == version.body)
            return found->second.parsed;
    }
    auto parsed = std::make_shared<const nlohmann::json>(nlohmann::json::parse(version.body));
    keep(version, parsed);
    return parsed;
}

void ParsedBodies::keep(const Version& version, nlohmann::json parsed) {
    keep(version, std::make_shared<const nlohmann::json>(std::move(parsed)));
}

void ParsedBodies::keep(const Version& version, std::shared_ptr<const nlohmann::json> parsed) {
    Kept kept{version.body, std::move(parsed)};
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= most_kept) kept_.clear();
    std::swap(kept_[version.reference()], kept);
}

}  // namespace careplug::exchange
