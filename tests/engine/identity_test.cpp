#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "scene.h"

using namespace careplug::test;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// Opens a loader on these settings; the sentence of a refusal.
std::string open_loader(const std::string& settings, careplug_handle& loader) {
    const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                               CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle problem = 0;
    careplug_open(&offer, &answer, "test", 4, settings.data(), settings.size(), &loader, &problem);
    if (problem != 0) careplug_release(problem);
    return reinterpret_cast<const char*>(answer.sentence);
}

}  // namespace

TEST_CASE("A settings file, key or plugin that cannot be used is refused with a sentence") {
    Scene scene;
    const auto gp = scene.gp();
    auto settings = nlohmann::json::parse(contents(gp->folder() / "settings.json"));
    const std::string file = (scene.folder / "settings.json").string();
    careplug_handle loader = 0;
    CHECK(contains(open_loader(file, loader), "cannot be read"));
    std::ofstream(file) << "{";
    CHECK(contains(open_loader(file, loader), "not valid JSON"));
    auto bad = settings;
    bad["key"] = (scene.folder / "no.key").string();
    std::ofstream(file) << bad.dump();
    CHECK(contains(open_loader(file, loader), "key file"));

    const auto plugins = scene.folder / "plugins";
    std::filesystem::create_directories(plugins);
    std::ofstream(plugins / "text.so") << "no library";
    std::filesystem::copy_file(std::string(CAREPLUG_BUILD_DIR) + "/bin/libcareplug.so", plugins / "other.so");
    bad = settings;
    bad["plugins"] = plugins.string();
    std::ofstream(std::filesystem::path(settings["trust"]) / "development.json")
        << nlohmann::json{{"folders", {plugins.string()}}}.dump();
    bad["kinds"] = {{"text", "text"}, {"other", "other"}, {"absent", "absent"}};
    std::ofstream(file) << bad.dump();
    REQUIRE(open_loader(file, loader).empty());
    for (const std::string kind : {"text", "other", "absent"}) {
        careplug_handle session = 0;
        careplug_handle problem = 0;
        CHECK(careplug_session_open(loader, kind.data(), kind.size(), "desk", 4, &session, &problem) ==
              CAREPLUG_FAILED_PLUGIN);
        const char* text = nullptr;
        std::uint64_t length = 0;
        careplug_result(problem, &text, &length);
        CHECK(contains(std::string(text, length), kind));
        careplug_problem_detail(problem, &text, &length);
        careplug_release(problem);
    }
    CHECK(careplug_close(loader) == CAREPLUG_OK);
}

TEST_CASE("A masked answer is hidden until it is revealed") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*gp, key, "create");
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    REQUIRE(TestHost::update(opened.panel,
                             nlohmann::json::array({worded("dem.keysafe", "Code 4711, left of door")}))
                .status == CAREPLUG_OK);
    const Outcome published = gp->submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    careplug_patient_close(opened.patient);
    const Opened reading = open(*gp, key, "read");
    CHECK_FALSE(contains(TestHost::view(reading.panel).text, "4711"));
    CHECK_FALSE(contains(TestHost::call(careplug_panel_response, reading.panel).text, "4711"));
    CHECK_FALSE(contains(TestHost::call(careplug_panel_summary, reading.panel).text, "4711"));
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const std::string link_id = "dem.keysafe";
    REQUIRE(careplug_panel_reveal(reading.panel, link_id.data(), link_id.size(), &result, &problem) ==
            CAREPLUG_OK);
    const char* text = nullptr;
    std::uint64_t length = 0;
    careplug_result(result, &text, &length);
    CHECK(contains(std::string(text, length), "4711"));
    careplug_release(result);
    CHECK(contains(TestHost::view(reading.panel).text, "4711"));
}

TEST_CASE("Every function of host.h is called by these tests, and none answers that it is not implemented") {
    const std::string source = CAREPLUG_SOURCE_DIR;
    const std::string header = contents(source + "/abi/include/careplug/host.h");
    std::string tests =
        contents(source + "/tests/services/host.cpp") + contents(source + "/tests/services/host.h");
    for (const auto& entry : std::filesystem::directory_iterator(source + "/tests/engine"))
        if (entry.path().extension() == ".cpp") tests += contents(entry.path());
    const std::regex declared("CAREPLUG_CALL\\s+(careplug_[a-z_]+)\\(");
    int count = 0;
    for (std::sregex_iterator at(header.begin(), header.end(), declared), end; at != end; ++at, ++count) {
        const std::string name = (*at)[1];
        INFO(name);
        CHECK(std::regex_search(tests, std::regex("\\b" + name + "\\b")));
    }
    CHECK(count >= 30);
    for (const char* room : {"/sdk/engine", "/sdk/loader"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(source + room))
            if (entry.is_regular_file()) CHECK_FALSE(contains(contents(entry.path()), "not implemented"));
}
