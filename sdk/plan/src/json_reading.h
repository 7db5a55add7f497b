// Reading FHIR JSON: members that are absent or of another type read as empty.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace careplug::plan {

using Json = nlohmann::json;

inline constexpr const char* extension_prefix = "urn:x-local:careplug:";

inline const Json& member(const Json& object, const char* name) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(name);
    return found == object.end() ? none : *found;
}

inline std::string text_of(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

inline bool flag_of(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_boolean() && value.get<bool>();
}

// The elements of an array member; nothing for anything else.
inline const Json::array_t& list_of(const Json& object, const char* name) {
    static const Json::array_t none;
    const Json& value = member(object, name);
    return value.is_array() ? value.get_ref<const Json::array_t&>() : none;
}

// The first element of an array member, or null.
inline const Json& first_of(const Json& object, const char* name) {
    static const Json none;
    const auto& list = list_of(object, name);
    return list.empty() ? none : list.front();
}

// Extensions by url. `name` is without the prefix at the root, and the whole url within an extension.
inline std::vector<const Json*> extensions(const Json& element, const std::string& url) {
    std::vector<const Json*> found;
    for (const Json& extension : list_of(element, "extension"))
        if (text_of(extension, "url") == url) found.push_back(&extension);
    return found;
}

// The value of an extension as text, whatever its type; empty where it has none.
inline std::string value_text(const Json& extension) {
    if (!extension.is_object()) return {};
    for (const auto& [name, value] : extension.items()) {
        if (!name.starts_with("value")) continue;
        if (value.is_string()) return value.get<std::string>();
        if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
        if (value.is_number_integer()) return value.dump();
    }
    return {};
}

inline std::vector<std::string> value_texts(const Json& element, const std::string& url) {
    std::vector<std::string> texts;
    for (const Json* extension : extensions(element, url)) texts.push_back(value_text(*extension));
    return texts;
}

inline std::string extension_text(const Json& element, const std::string& url) {
    const auto found = extensions(element, url);
    return found.empty() ? std::string() : value_text(*found.front());
}

inline std::optional<std::int64_t> extension_integer(const Json& element, const std::string& url) {
    const auto found = extensions(element, url);
    if (found.empty()) return std::nullopt;
    const Json& value = member(*found.front(), "valueInteger");
    if (!value.is_number_integer()) return std::nullopt;
    return value.get<std::int64_t>();
}

inline std::string own(const char* name) {
    return std::string(extension_prefix) + name;
}

}  // namespace careplug::plan
