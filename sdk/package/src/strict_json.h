// JSON that decides about trust: one object, each member once, each of them known.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <careplug/package/refusal.h>

namespace careplug::package {

// Throws Refusal: not UTF-8, no object, a member twice, nested too deeply, anything after the object. `what`
// names it in the sentence: "manifest.json".
nlohmann::json parse_object(std::string_view text, const std::string& what);

// Takes members out one by one. Each throws Refusal where the member is missing or of another type.
class Members {
public:
    Members(const nlohmann::json& object, std::string what) : object_(object), what_(std::move(what)) {}

    // 1 to 200 bytes without control characters.
    std::string text(const std::string& name);
    const nlohmann::json& object(const std::string& name);
    std::vector<std::string> texts(const std::string& name);
    bool has(const std::string& name) const { return object_.contains(name); }
    // Throws Refusal where the object has a member that was not asked for.
    void no_others() const;

    [[noreturn]] void refuse(const std::string& why) const;

private:
    const nlohmann::json& member(const std::string& name);
    std::string plain(const nlohmann::json& value, const std::string& name) const;

    const nlohmann::json& object_;
    std::string what_;
    std::set<std::string> asked_;
};

}  // namespace careplug::package
