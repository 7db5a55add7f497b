#include <sys/stat.h>

#include "tampering.h"

namespace careplug::test {

namespace fs = std::filesystem;

const std::vector<Tampering>& tampering_with_files() {
    static const std::vector<Tampering> rows = {
        {"the plugin's file has a byte more", [](Yard& yard) { put(yard.file, contents(yard.file) + "x"); },
         "is not the one that the manifest names"},
        {"the plugin's file is cut",
         [](Yard& yard) { fs::resize_file(yard.file, fs::file_size(yard.file) - 1); },
         "is not the one that the manifest names"},
        {"the plugin's file is another", [](Yard& yard) { put(yard.file, "another plugin"); },
         "is not the one that the manifest names"},
        {"the plugin's file is empty", [](Yard& yard) { put(yard.file, ""); }, "is empty"},
        {"the plugin's file is missing", [](Yard& yard) { fs::remove(yard.file); }, "is missing"},
        {"the plugin's file is larger than any plugin",
         [](Yard& yard) { fs::resize_file(yard.file, package::largest_plugin + 1); }, "is larger than"},
        {"manifest and signature are exchanged",
         [](Yard& yard) {
             const std::string manifest = contents(yard.manifest_file);
             put(yard.manifest_file, contents(yard.signature_file));
             put(yard.signature_file, manifest);
         },
         "signature is damaged"},
        {"the manifest is missing", [](Yard& yard) { fs::remove(yard.manifest_file); }, "is missing"},
        {"the manifest is empty", [](Yard& yard) { put(yard.manifest_file, ""); }, "is empty"},
        {"the manifest has a space more at its end",
         [](Yard& yard) { put(yard.manifest_file, contents(yard.manifest_file) + " "); }, "does not hold"},
        {"the manifest is larger than any, with a signature",
         [](Yard& yard) {
             yard.sign_text(contents(yard.manifest_file) + std::string(package::largest_manifest, ' '));
         },
         "is larger than"},
        {"the signature is missing", [](Yard& yard) { fs::remove(yard.signature_file); }, "is not signed"},
        {"the signature is empty", [](Yard& yard) { put(yard.signature_file, ""); }, "is empty"},
        {"the signature is cut",
         [](Yard& yard) { fs::resize_file(yard.signature_file, fs::file_size(yard.signature_file) - 1); },
         "signature is damaged"},
        {"the signature has a line more",
         [](Yard& yard) { put(yard.signature_file, contents(yard.signature_file) + "\n"); },
         "signature is damaged"},
        {"the signature is two, the first one good",
         [](Yard& yard) {
             put(yard.signature_file, contents(yard.signature_file) + contents(yard.signature_file));
         },
         "signature is damaged"},
        {"the signature is a mebibyte",
         [](Yard& yard) { put(yard.signature_file, std::string(1 << 20, 'a')); }, "is larger than"},
        {"the signature is of another manifest of the same vendor",
         [](Yard& yard) {
             package::Manifest other = yard.manifest;
             other.version = *package::parse_version("1.3.0");
             put(yard.signature_file, package::sign(package::write_manifest(other), yard.key));
         },
         "does not hold"},
        {"the signature is of the plugin's file",
         [](Yard& yard) { put(yard.signature_file, package::sign(contents(yard.file), yard.key)); },
         "does not hold"},
        {"the signature is all zeros",
         [](Yard& yard) {
             std::string text = contents(yard.signature_file);
             text.replace(text.size() - 129, 128, std::string(128, '0'));
             put(yard.signature_file, text);
         },
         "does not hold"},
        {"the signature names the trusted key, made with another",
         [](Yard& yard) {
             package::PrivateKey secret;
             const package::TrustedKey other = yard.another_key(secret);
             std::string text = package::sign(contents(yard.manifest_file), secret);
             text.replace(text.find(other.id), other.id.size(), yard.open_key.id);
             put(yard.signature_file, text);
         },
         "does not hold"},
        {"the signature's digits are written large",
         [](Yard& yard) {
             std::string text = contents(yard.signature_file);
             for (std::size_t at = 60; at < text.size(); ++at)
                 if (text[at] >= 'a') text[at] = static_cast<char>(text[at] - 'a' + 'A');
             put(yard.signature_file, text);
         },
         "signature is damaged"},
        {"a FIFO stands for the plugin's file",
         [](Yard& yard) {
             fs::remove(yard.file);
             ::mkfifo(yard.file.c_str(), 0600);
         },
         "is no file"},
        {"a FIFO stands for the manifest",
         [](Yard& yard) {
             fs::remove(yard.manifest_file);
             ::mkfifo(yard.manifest_file.c_str(), 0600);
         },
         "is no file"},
        {"a FIFO stands for the signature",
         [](Yard& yard) {
             fs::remove(yard.signature_file);
             ::mkfifo(yard.signature_file.c_str(), 0600);
         },
         "is no file"},
        {"a folder stands for the plugin's file",
         [](Yard& yard) {
             fs::remove(yard.file);
             fs::create_directory(yard.file);
         },
         "is no file"},
        {"a file stands for the package",
         [](Yard& yard) {
             fs::remove_all(yard.package);
             put(yard.package, "x");
         },
         "is no folder"},
        {"the package is missing", [](Yard& yard) { fs::remove_all(yard.package); }, "There is no package"},
        {"a bare file stands beside, and the package is missing",
         [](Yard& yard) {
             fs::rename(yard.file, yard.plugins / "ward.so");
             fs::remove_all(yard.package);
         },
         "bare file without a signature"}};
    return rows;
}

}  // namespace careplug::test
