#include <careplug/package/guarded_folder.h>
#include <careplug/package/manifest.h>
#include <careplug/package/trust.h>

#include <careplug/package/hex.h>
#include "strict_json.h"

namespace careplug::package {

namespace {

using nlohmann::json;

constexpr const char* keys_name = "keys";
constexpr const char* revoked_name = "revoked.json";
constexpr const char* minimum_name = "minimum.json";
constexpr const char* development_name = "development.json";

std::map<std::string, std::string> reasons(const json& object, const std::string& what, std::size_t digits,
                                           const std::string& kind) {
    std::map<std::string, std::string> list;
    Members members(object, what);
    for (const auto& [name, reason] : object.items()) {
        if (!bytes_of(name, digits / 2))
            members.refuse("names " + kind + " that is not " + std::to_string(digits) +
                           " small hexadecimal digits: correct it.");
        list[name] = members.text(name);
    }
    return list;
}

// Which file of the trust folder the sentence is about.
template <class Read>
auto reading(const std::string& path, Read read) {
    try {
        return read();
    } catch (const Refusal& refusal) {
        throw Refusal("The trust folder cannot be followed: " + path + ": " + refusal.what());
    }
}

std::map<std::string, TrustedKey> read_keys(const GuardedFolder& folder) {
    std::map<std::string, TrustedKey> keys;
    for (const std::string& name : folder.names()) {
        reading(folder.path() + "/" + name, [&] {
            TrustedKey key = parse_trusted_key(folder.read(name, largest_trust_file));
            if (name != key.id + ".json")
                throw Refusal("its name is not that of its key: rename it to " + key.id + ".json.");
            keys[key.id] = std::move(key);
        });
    }
    return keys;
}

}  // namespace

bool Trust::is_development(std::string_view path) const {
    for (const std::string& each : development)
        if (path == each ||
            (path.size() > each.size() && path.substr(0, each.size()) == each && path[each.size()] == '/'))
            return true;
    return false;
}

Revoked parse_revoked(std::string_view text) {
    const json object = parse_object(text, revoked_name);
    Members members(object, revoked_name);
    Revoked revoked;
    if (members.has("keys"))
        revoked.keys = reasons(members.object("keys"), "\"keys\" of revoked.json", 32, "a key");
    if (members.has("packages"))
        revoked.packages = reasons(members.object("packages"), "\"packages\" of revoked.json", 64, "a hash");
    members.no_others();
    return revoked;
}

std::map<std::string, Version> parse_minimum(std::string_view text) {
    const json object = parse_object(text, minimum_name);
    Members members(object, minimum_name);
    std::map<std::string, Version> minimum;
    for (const auto& [id, value] : object.items()) {
        const auto version = is_plugin_id(id) ? parse_version(members.text(id)) : std::nullopt;
        if (!version) members.refuse("needs ids of plugins with versions such as 1.2.0: correct it.");
        minimum[id] = *version;
    }
    return minimum;
}

std::vector<std::string> parse_development(std::string_view text) {
    const json object = parse_object(text, development_name);
    Members members(object, development_name);
    std::vector<std::string> folders = members.texts("folders");
    for (std::string& folder : folders) {
        while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
        const std::string closed = folder + "/";
        if (folder.size() < 2 || folder[0] != '/' || closed.find("//") != std::string::npos ||
            closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos)
            members.refuse("needs folders named from the root, without \".\" and \"..\": correct it.");
    }
    members.no_others();
    return folders;
}

Trust read_trust(const std::string& path) {
    const GuardedFolder folder(path, "trust folder");
    Trust trust;
    trust.folder = folder.path();
    for (const std::string& name : folder.names()) {
        reading(folder.path() + "/" + name, [&] {
            if (name == keys_name)
                trust.keys = read_keys(folder.folder(name, "folder of keys"));
            else if (name == revoked_name)
                trust.revoked = parse_revoked(folder.read(name, largest_trust_file));
            else if (name == minimum_name)
                trust.minimum = parse_minimum(folder.read(name, largest_trust_file));
            else if (name == development_name)
                trust.development = parse_development(folder.read(name, largest_trust_file));
            else
                throw Refusal(
                    "a trust folder has no such file, so it may be a rule by a wrong name: rename or remove "
                    "it.");
        });
    }
    return trust;
}

}  // namespace careplug::package
