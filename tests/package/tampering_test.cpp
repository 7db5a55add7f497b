#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <set>

#include "tampering.h"

using namespace careplug;
using namespace careplug::test;

namespace {

using Table = const std::vector<Tampering>& (*)();
constexpr Table tables[] = {&tampering_with_files, &tampering_with_manifests, &tampering_with_trust,
                            &tampering_with_places};

// What is wrong, then what to do, in one sentence on one line.
bool is_a_sentence(const std::string& text) {
    return text.size() > 30 && text.back() == '.' && text.find('\n') == std::string::npos &&
           text.find_first_of(":,") != std::string::npos;
}

void put_byte(const std::filesystem::path& file, std::size_t at, char byte) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(at));
    out.put(byte);
}

std::size_t step_in(std::size_t size) {
    return std::getenv("CAREPLUG_LONG") != nullptr ? 1 : size / 400 + 1;
}

}  // namespace

TEST_CASE("H16: a package that was tampered with is never taken, and the refusal says what to do") {
    for (const Table table : tables)
        for (const Tampering& row : table()) {
            INFO(row.what);
            Yard yard;
            REQUIRE(yard.refusal().empty());
            row.done(yard);
            const std::string said = yard.refusal();
            INFO(said);
            CHECK(said.find(row.said) != std::string::npos);
            CHECK(is_a_sentence(said));
        }
}

TEST_CASE("the kinds of tampering are many, and each is another") {
    std::set<std::string> kinds;
    std::size_t rows = 0;
    for (const Table table : tables) {
        rows += table().size();
        for (const Tampering& row : table()) kinds.insert(row.what);
    }
    CHECK(kinds.size() == rows);
    CHECK(rows >= 30);
}

TEST_CASE("H16: a package with one bit changed is never taken, whichever bit") {
    Yard yard;
    std::size_t flipped = 0;
    for (const auto& file : {yard.manifest_file, yard.signature_file, yard.file}) {
        const std::string good = contents(file);
        for (std::size_t at = 0; at < good.size(); at += step_in(good.size()))
            for (unsigned bit = 0; bit < 8; ++bit) {
                put_byte(file, at, static_cast<char>(static_cast<unsigned char>(good[at]) ^ (1U << bit)));
                ++flipped;
                if (yard.refusal().empty()) FAIL_CHECK(file << " byte " << at << " bit " << bit);
                put_byte(file, at, good[at]);
            }
        REQUIRE(yard.refusal().empty());
    }
    CHECK(flipped > 5000);
}
