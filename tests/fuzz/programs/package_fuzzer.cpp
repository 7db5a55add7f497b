// Whatever lies in a package or a trust folder: each text is read, or refused with a Refusal. What is read is
// written again and reads the same. The first byte chooses which, and whether the rest is the whole text or
// is put into one that is in order, at the place that two more bytes choose.
#include <careplug/package/keys.h>
#include <careplug/package/manifest.h>
#include <careplug/package/refusal.h>
#include <careplug/package/signature.h>
#include <careplug/package/trust.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace careplug::package;

void require(bool holds) {
    if (!holds) std::abort();
}

const std::string& in_order(std::uint8_t choice) {
    static const PrivateKey secret = make_private_key();
    static const std::string key = public_key_of(secret);
    static const std::string manifest = write_manifest({"a.b",
                                                        "A",
                                                        *parse_version("1.2.3-rc.1+x"),
                                                        {1, 0, 1},
                                                        {2, 0, 0},
                                                        "linux-x86_64",
                                                        "a.so",
                                                        std::string(64, 'a')});
    static const std::string texts[] = {
        manifest,
        write_trusted_key({key_id_of(key), "A", key, "2028-02-29", {"a.b", "c.*"}}),
        sign(manifest, secret),
        "{\"keys\": {\"" + std::string(32, 'a') + "\": \"x\"}, \"packages\": {\"" + std::string(64, 'b') +
            "\": \"y\"}}",
        R"({"a.b": "1.2.3", "c.d": "4.5.6-rc.1"})",
        R"({"folders": ["/a/b/", "/c"]})",
        "12.3.4-rc.5+6"};
    return texts[choice % 7];
}

void read_one(std::uint8_t choice, std::string_view text) {
    switch (choice % 7) {
        case 0: {
            const std::string written = write_manifest(parse_manifest(text));
            require(write_manifest(parse_manifest(written)) == written);
            return;
        }
        case 1: {
            const TrustedKey key = parse_trusted_key(text);
            require(key.public_key.size() == 32 && key_id_of(key.public_key) == key.id);
            require(write_trusted_key(parse_trusted_key(write_trusted_key(key))) == write_trusted_key(key));
            return;
        }
        case 2:
            require(parse_signature(text).bytes.size() == 64);
            return;
        case 3:
            parse_revoked(text);
            return;
        case 4:
            parse_minimum(text);
            return;
        case 5:
            for (const std::string& folder : parse_development(text))
                require(folder.size() > 1 && folder[0] == '/');
            return;
        default:
            if (const auto version = parse_version(text)) require(std::is_eq(compare(*version, *version)));
            if (const auto version = parse_abi_version(text)) require(text_of(*version) == text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    if (data[0] >= 128 && size > 3) {
        std::string whole = in_order(data[0]);
        const std::size_t at = (data[1] * 256U + data[2]) % whole.size();
        text = whole.replace(at, size - 3, text.substr(2));
    }
    try {
        read_one(data[0], text);
    } catch (const Refusal&) {
    }
    return 0;
}
