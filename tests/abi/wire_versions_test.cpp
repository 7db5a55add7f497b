#include <careplug/wire/first_size.h>
#include <careplug/wire/version.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace careplug::wire;

namespace {

constexpr Version rc1{1, 0, 1};
constexpr Version rc2{1, 0, 2};
constexpr Version v1_0{1, 0, 0};
constexpr Version v1_1{1, 1, 0};
constexpr Version v1_1_rc1{1, 1, 1};
constexpr Version v2_0{2, 0, 0};

// Records that a host makes, and their size in the first recorded version of this major version.
std::map<std::string, std::size_t> first_recorded() {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(CAREPLUG_SOURCE_DIR) / "abi" / "baselines";
    const std::string major = std::to_string(this_version().major) + ".";
    fs::path first = folder / (major + "0");
    if (!fs::exists(first))  // nothing is released yet: there is one candidate
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().filename().string().starts_with(major)) first = entry.path();
    std::map<std::string, std::size_t> sizes;
    std::ifstream file(first / "layout.txt");
    for (std::string line, entity, kind; std::getline(file, line);) {
        std::istringstream words(line);
        std::size_t size = 0;
        if (words >> entity >> kind >> size) sizes[entity] = size;
    }
    return sizes;
}

}  // namespace

TEST_CASE("release candidates speak to their equals alone") {
    CHECK(spoken_by_both(rc1, rc1) == rc1);
    for (const Version& other : {rc2, v1_0, v1_1_rc1, v1_1, v2_0}) {
        CHECK_FALSE(spoken_by_both(rc1, other));
        CHECK_FALSE(spoken_by_both(other, rc1));
    }
    CHECK_FALSE(spoken_by_both(v1_1_rc1, v1_0));
    CHECK_FALSE(spoken_by_both(v1_0, v1_1_rc1));
}

TEST_CASE("releases of one major version speak the older minor version, in both directions") {
    CHECK(spoken_by_both(v1_0, v1_0) == v1_0);
    CHECK(spoken_by_both(v1_0, v1_1) == v1_0);
    CHECK(spoken_by_both(v1_1, v1_0) == v1_0);
    CHECK_FALSE(spoken_by_both(v1_1, v2_0));
    CHECK_FALSE(spoken_by_both(v2_0, v1_1));
    CHECK_FALSE(spoken_by_both(v1_0, Version{1, -1, 0}));
}

TEST_CASE("versions are written as people write them") {
    CHECK(words(rc1) == "1.0-rc.1");
    CHECK(words(v1_1) == "1.1");
}

TEST_CASE("the first sizes of a host's records are those of the first recorded version") {
    const auto recorded = first_recorded();
    CHECK(recorded.at("careplug_offer") == first_size<careplug_offer>);
    CHECK(recorded.at("careplug_answer") == first_size<careplug_answer>);
    CHECK(recorded.at("careplug_patient_key") == first_size<careplug_patient_key>);
    CHECK(recorded.at("careplug_event") == first_size<careplug_event>);
    CHECK(recorded.at("careplug_flags_record") == first_size<careplug_flags_record>);
    CHECK(recorded.at("careplug_word_record") == first_size<careplug_word_record>);
    CHECK(recorded.at("careplug_operation_record") == first_size<careplug_operation_record>);
}
