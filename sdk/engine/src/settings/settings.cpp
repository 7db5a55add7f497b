#include "settings/settings.h"

#include <Poco/URI.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace careplug::engine {
namespace {

using nlohmann::json;

std::string text_member(const json& document, const std::string& name, bool required,
                        const std::string& path) {
    const auto found = document.find(name);
    if (found == document.end()) {
        if (!required) return {};
        throw SettingsMistake("The settings file " + path + " lacks \"" + name + "\": add it.");
    }
    if (!found->is_string() || (required && found->get_ref<const std::string&>().empty()))
        throw SettingsMistake("\"" + name + "\" in the settings file " + path +
                              " must be a text: correct it.");
    return found->get<std::string>();
}

int days_member(const json& document, const std::string& name, int otherwise, const std::string& path) {
    const auto found = document.find(name);
    if (found == document.end()) return otherwise;
    constexpr int most = 3660;
    if (!found->is_number_integer() || found->get<std::int64_t>() < 1 || found->get<std::int64_t>() > most)
        throw SettingsMistake("\"" + name + "\" in the settings file " + path +
                              " must be a whole number of days from 1 to 3660: correct it.");
    return found->get<int>();
}

std::string exchange_address(std::string address, const std::string& path) {
    while (!address.empty() && address.back() == '/') address.pop_back();
    try {
        const Poco::URI uri(address);
        if ((uri.getScheme() == "http" || uri.getScheme() == "https") && !uri.getHost().empty())
            return address;
    } catch (const std::exception&) {
        // said below, in words that name the file
    }
    throw SettingsMistake("\"exchange\" in the settings file " + path +
                          " must be an http or https address, for example https://exchange.example/fhir.");
}

}  // namespace

Settings read_settings(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw SettingsMistake("The settings file " + path +
                              " cannot be read: ask the administrator to create it or to allow reading it.");
    std::ostringstream text;
    text << file.rdbuf();
    json document;
    try {
        document = json::parse(text.str());
    } catch (const json::parse_error& error) {
        throw SettingsMistake("The settings file " + path + " is not valid JSON near byte " +
                              std::to_string(error.byte) + ": correct it.");
    }
    if (!document.is_object())
        throw SettingsMistake("The settings file " + path + " must hold one JSON object.");
    Settings settings;
    settings.exchange = exchange_address(text_member(document, "exchange", true, path), path);
    settings.store = text_member(document, "store", true, path);
    settings.key = text_member(document, "key", true, path);
    settings.datasets = text_member(document, "datasets", true, path);
    settings.plugins = text_member(document, "plugins", true, path);
    settings.trust = text_member(document, "trust", false, path);
    settings.log = text_member(document, "log", false, path);
    settings.authority = text_member(document, "authority", false, path);
    settings.audit_days = days_member(document, "audit_days", settings.audit_days, path);
    settings.last_known_days = days_member(document, "last_known_days", settings.last_known_days, path);
    const auto kinds = document.find("kinds");
    if (kinds == document.end() || !kinds->is_object() || kinds->empty())
        throw SettingsMistake(
            "The settings file " + path +
            " lacks \"kinds\", which maps a host kind to a plugin: add for example {\"gp\": \"gp\"}.");
    for (const auto& [kind, plugin] : kinds->items()) {
        const bool plain = plugin.is_string() && !plugin.get_ref<const std::string&>().empty() &&
                           plugin.get_ref<const std::string&>().find('/') == std::string::npos;
        if (!plain)
            throw SettingsMistake("The kind \"" + kind + "\" in the settings file " + path +
                                  " must name a plugin without folder and suffix: correct it.");
        settings.kinds[kind] = plugin.get<std::string>();
    }
    return settings;
}

}  // namespace careplug::engine
