#include <careplug/package/manifest.h>

#include <algorithm>

#include <careplug/package/hex.h>
#include "strict_json.h"

namespace careplug::package {

namespace {

using nlohmann::json;

bool is_small_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_file_name(std::string_view name) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return is_small_letter_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    });
    return plain && name.size() > 3 && name.size() <= 100 && name[0] != '.' && name[0] != '-' &&
           name.substr(name.size() - 3) == ".so";
}

AbiVersion abi_member(Members& range, const std::string& name) {
    const auto version = parse_abi_version(range.text(name));
    if (!version) range.refuse("needs versions such as 1.0 or 1.0-rc.1: correct it.");
    return *version;
}

}  // namespace

bool is_plugin_id(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return is_small_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
    });
    return plain && !text.empty() && text.size() <= 64 && is_small_letter_or_digit(text.front()) &&
           is_small_letter_or_digit(text.back());
}

Manifest parse_manifest(std::string_view text) {
    const json object = parse_object(text, manifest_name);
    Members members(object, manifest_name);
    Manifest manifest;
    if (members.text("format") != "careplug-package-1")
        members.refuse("is of a format that this release does not know: install a newer release.");
    manifest.id = members.text("id");
    if (!is_plugin_id(manifest.id))
        members.refuse("needs an \"id\" of small letters, digits, dots and hyphens: correct it.");
    manifest.vendor = members.text("vendor");
    const auto version = parse_version(members.text("version"));
    if (!version) members.refuse("needs a \"version\" such as 1.2.0: correct it.");
    manifest.version = *version;
    Members range(members.object("abi"), "\"abi\" of manifest.json");
    manifest.abi_from = abi_member(range, "from");
    manifest.abi_to = abi_member(range, "to");
    range.no_others();
    if (compare(manifest.abi_from, manifest.abi_to) > 0)
        range.refuse("goes from a newer version to an older one: correct it.");
    manifest.platform = members.text("platform");
    manifest.file = members.text("file");
    if (!is_file_name(manifest.file))
        members.refuse("needs as \"file\" the plain name of a .so file beside it, not a path: correct it.");
    manifest.sha256 = members.text("sha256");
    if (!is_sha256(manifest.sha256))
        members.refuse("needs as \"sha256\" 64 small hexadecimal digits: correct it.");
    members.no_others();
    return manifest;
}

std::string write_manifest(const Manifest& manifest) {
    const nlohmann::ordered_json document = {
        {"format", "careplug-package-1"},
        {"id", manifest.id},
        {"vendor", manifest.vendor},
        {"version", manifest.version.text},
        {"abi", {{"from", text_of(manifest.abi_from)}, {"to", text_of(manifest.abi_to)}}},
        {"platform", manifest.platform},
        {"file", manifest.file},
        {"sha256", manifest.sha256}};
    return document.dump(1) + "\n";
}

}  // namespace careplug::package
