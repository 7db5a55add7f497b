// Manifests with a good signature of a trusted key: a vendor's mistake or its malice.
#include "tampering.h"

namespace careplug::test {

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

void sign_replaced(Yard& yard, const std::string& from, const std::string& to) {
    yard.sign_text(replaced(contents(yard.manifest_file), from, to));
}

}  // namespace

const std::vector<Tampering>& tampering_with_manifests() {
    static const std::vector<Tampering> rows = {
        {"the manifest is unsigned text with another id",
         [](Yard& yard) {
             put(yard.manifest_file,
                 replaced(contents(yard.manifest_file), "example.ward", "example.care.a"));
         },
         "does not hold"},
        {"the id is another vendor's", [](Yard& yard) { sign_replaced(yard, "example.ward", "careplug.gp"); },
         "may not sign"},
        {"the id only begins like an allowed one",
         [](Yard& yard) { sign_replaced(yard, "example.ward", "example.ward2"); }, "may not sign"},
        {"the id is that of a pattern without its end",
         [](Yard& yard) { sign_replaced(yard, "example.ward", "example.care"); }, "may not sign"},
        {"the id is no id", [](Yard& yard) { sign_replaced(yard, "example.ward", "Example Ward"); },
         "needs an \"id\""},
        {"the vendor is another", [](Yard& yard) { sign_replaced(yard, "Example Ltd", "Other Ltd"); },
         "says that its vendor is Other Ltd"},
        {"the version is none", [](Yard& yard) { sign_replaced(yard, "1.2.0", "1.2"); },
         "needs a \"version\""},
        {"the file is a path up", [](Yard& yard) { sign_replaced(yard, "ward.so", "../ward/ward.so"); },
         "not a path"},
        {"the file is a path from the root",
         [](Yard& yard) { sign_replaced(yard, "\"ward.so", "\"" + yard.file.string()); }, "not a path"},
        {"the file's name hides a NUL",
         [](Yard& yard) { sign_replaced(yard, "ward.so", "ward.so\\u0000.so"); }, "on one line"},
        {"the file is hidden",
         [](Yard& yard) {
             std::filesystem::copy_file(yard.file, yard.package / ".ward.so");
             sign_replaced(yard, "ward.so", ".ward.so");
         },
         "not a path"},
        {"the file is one that is not there", [](Yard& yard) { sign_replaced(yard, "ward.so", "other.so"); },
         "is missing"},
        {"the hash is another file's",
         [](Yard& yard) { sign_replaced(yard, yard.manifest.sha256, std::string(64, '0')); },
         "is not the one that the manifest names"},
        {"the hash is cut",
         [](Yard& yard) { sign_replaced(yard, yard.manifest.sha256, yard.manifest.sha256.substr(0, 32)); },
         "64 small hexadecimal digits"},
        {"the platform is another", [](Yard& yard) { sign_replaced(yard, "linux-x86_64", "windows-x86_64"); },
         "is for windows-x86_64"},
        {"the contract is a newer one",
         [](Yard& yard) {
             yard.manifest.abi_from = yard.manifest.abi_to = {2, 0, 0};
             yard.write_package();
         },
         "is for versions 2.0 to 2.0"},
        {"the contract is an older one",
         [](Yard& yard) {
             yard.manifest.abi_from = yard.manifest.abi_to = {0, 9, 0};
             yard.write_package();
         },
         "is for versions 0.9 to 0.9"},
        {"the contract's range is the wrong way round",
         [](Yard& yard) {
             yard.manifest.abi_from = {2, 0, 0};
             yard.write_package();
         },
         "from a newer version to an older"},
        {"a member stands there twice",
         [](Yard& yard) { sign_replaced(yard, "\"vendor\"", "\"id\": \"example.care.b\",\n \"vendor\""); },
         "has a member twice"},
        {"a member of a member stands there twice",
         [](Yard& yard) { sign_replaced(yard, "\"from\"", "\"to\": \"9.0\",\n  \"from\""); },
         "has a member twice"},
        {"a member is one that nobody knows",
         [](Yard& yard) { sign_replaced(yard, "\"vendor\"", "\"run_before\": \"x\",\n \"vendor\""); },
         "does not know"},
        {"a member is missing",
         [](Yard& yard) { sign_replaced(yard, " \"platform\": \"linux-x86_64\",\n", ""); },
         "lacks \"platform\""},
        {"a member is of another type", [](Yard& yard) { sign_replaced(yard, "\"1.2.0\"", "1.2"); },
         "needs a text"},
        {"the format is a later one",
         [](Yard& yard) { sign_replaced(yard, "careplug-package-1", "careplug-package-2"); },
         "does not know"},
        {"the text is not UTF-8", [](Yard& yard) { sign_replaced(yard, "Example", "Ex\xC3(mple"); },
         "not valid JSON in UTF-8"},
        {"something follows the object",
         [](Yard& yard) { yard.sign_text(contents(yard.manifest_file) + "{}"); }, "not valid JSON"},
        {"a NUL follows the object",
         [](Yard& yard) { yard.sign_text(contents(yard.manifest_file) + std::string(1, '\0') + "{}"); },
         "holds a zero byte"},
        {"a byte order mark comes first",
         [](Yard& yard) { yard.sign_text("\xEF\xBB\xBF" + contents(yard.manifest_file)); },
         "byte order mark"},
        {"it is a list", [](Yard& yard) { yard.sign_text("[" + contents(yard.manifest_file) + "]"); },
         "is no JSON object"},
        {"it is nested without end",
         [](Yard& yard) {
             yard.sign_text("{\"a\":" + std::string(30000, '[') + std::string(30000, ']') + "}");
         },
         "nested too deeply"},
        {"it is no JSON at all", [](Yard& yard) { yard.sign_text("id: example.ward\n"); }, "not valid JSON"}};
    return rows;
}

}  // namespace careplug::test
