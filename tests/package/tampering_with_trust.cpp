#include <careplug/package/manifest.h>

#include "tampering.h"

namespace careplug::test {

namespace fs = std::filesystem;

namespace {

void put_key(Yard& yard, const std::string& from, const std::string& to) {
    std::string text = contents(yard.key_file);
    text.replace(text.find(from), from.size(), to);
    put(yard.key_file, text);
}

}  // namespace

const std::vector<Tampering>& tampering_with_trust() {
    static const std::vector<Tampering> rows = {
        {"the key is not trusted", [](Yard& yard) { fs::remove(yard.key_file); }, "does not trust"},
        {"the folder of keys is missing", [](Yard& yard) { fs::remove_all(yard.trust / "keys"); },
         "does not trust"},
        {"the trust folder is missing", [](Yard& yard) { fs::remove_all(yard.trust); },
         "There is no trust folder"},
        {"the package is signed with a key of nobody",
         [](Yard& yard) {
             yard.another_key(yard.key);
             yard.write_package();
         },
         "does not trust"},
        {"the key's last day was yesterday",
         [](Yard& yard) {
             yard.open_key.expires = "2026-11-20";
             yard.trust_key();
         },
         "was good until 2026-11-20"},
        {"the key is revoked",
         [](Yard& yard) {
             put(yard.trust / "revoked.json",
                 "{\"keys\": {\"" + yard.open_key.id + "\": \"it was stolen\"}}");
         },
         "which was revoked (it was stolen)"},
        {"the plugin's file is revoked",
         [](Yard& yard) {
             put(yard.trust / "revoked.json",
                 "{\"packages\": {\"" + yard.manifest.sha256 + "\": \"shows a wrong order\"}}");
         },
         "was revoked (shows a wrong order)"},
        {"the manifest is revoked",
         [](Yard& yard) {
             put(yard.trust / "revoked.json",
                 "{\"packages\": {\"" + yard.open().manifest_sha256 + "\": \"withdrawn\"}}");
         },
         "was revoked (withdrawn)"},
        {"the version is older than the oldest allowed",
         [](Yard& yard) { put(yard.trust / "minimum.json", R"({"example.ward": "1.10.0"})"); },
         "older than 1.10.0"},
        {"the version is a pre-release of the oldest allowed",
         [](Yard& yard) {
             put(yard.trust / "minimum.json", R"({"example.ward": "1.2.0"})");
             yard.manifest.version = *package::parse_version("1.2.0-rc.9");
             yard.write_package();
         },
         "older than 1.2.0"},
        {"the key may sign other plugins alone",
         [](Yard& yard) {
             yard.open_key.plugins = {"example.care.*"};
             yard.trust_key();
         },
         "may not sign"},
        {"the key's file is another key's, with this id",
         [](Yard& yard) {
             package::PrivateKey secret;
             package::TrustedKey other = yard.another_key(secret);
             other.id = yard.open_key.id;
             put(yard.key_file, package::write_trusted_key(other));
         },
         "has an \"id\" that is not its key's"},
        {"the key's file has another's name",
         [](Yard& yard) { fs::rename(yard.key_file, yard.trust / "keys" / "key.json"); },
         "its name is not that of its key"},
        {"the key's file has a last day that is no day",
         [](Yard& yard) { put_key(yard, "2027-03-31", "2027-02-30"); }, "needs as \"expires\" a date"},
        {"the key's file allows all plugins", [](Yard& yard) { put_key(yard, "example.ward", "*"); },
         "needs as \"plugins\""},
        {"the key's file is no JSON", [](Yard& yard) { put(yard.key_file, "-----BEGIN PUBLIC KEY-----\n"); },
         "not valid JSON"},
        {"a rule has a wrong name", [](Yard& yard) { put(yard.trust / "revocations.json", "{}"); },
         "rule by a wrong name"},
        {"a list of revocations cannot be read",
         [](Yard& yard) { put(yard.trust / "revoked.json", "{\"keys\": "); }, "cannot be followed"},
        {"a revocation is of no key",
         [](Yard& yard) { put(yard.trust / "revoked.json", R"({"keys": {"abc": "stolen"}})"); },
         "not 32 small hexadecimal digits"},
        {"a list of revocations is larger than any",
         [](Yard& yard) {
             put(yard.trust / "revoked.json", "{" + std::string(package::largest_trust_file, ' ') + "}");
         },
         "is larger than"},
        {"an oldest version is none",
         [](Yard& yard) { put(yard.trust / "minimum.json", R"({"example.other": "new"})"); },
         "needs ids of plugins with versions"},
        {"a development folder is one by way of ..",
         [](Yard& yard) { put(yard.trust / "development.json", R"({"folders": ["/tmp/../home"]})"); },
         "needs folders named from the root"},
        {"unsigned, beside a development folder whose name begins alike",
         [](Yard& yard) {
             fs::remove(yard.signature_file);
             const std::string near = yard.plugins.string() + "/war";
             put(yard.trust / "development.json", "{\"folders\": [\"" + near + "\"]}");
         },
         "is not signed"},
        {"in a development folder, with a signature that does not hold",
         [](Yard& yard) {
             put(yard.trust / "development.json", "{\"folders\": [\"" + yard.plugins.string() + "\"]}");
             put(yard.manifest_file, contents(yard.manifest_file) + " ");
         },
         "does not hold"}};
    return rows;
}

}  // namespace careplug::test
