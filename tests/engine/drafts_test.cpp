#include <dirent.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "scene.h"

using namespace careplug::test;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// The engines that this process started.
std::vector<pid_t> engines() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const std::string status = contents(entry.path() / "status");
        const bool engine = contains(status, "careplug-engin");
        if (engine && contains(status, "PPid:\t" + std::to_string(::getpid()) + "\n") &&
            !contains(status, "State:\tZ"))
            found.push_back(std::stoi(name));
    }
    return found;
}

std::string whole_store(const std::filesystem::path& folder) {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) all += contents(entry.path());
    return all;
}

}  // namespace

TEST_CASE("H16: an engine that stands still is known for it within seconds, though its answers are fresh") {
    Scene scene;
    const auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const auto running = engines();
    REQUIRE(running.size() == 1);
    ::kill(running.front(), SIGSTOP);
    // Reading alone: no event comes, and no call is made.
    const auto reads = [&](std::int32_t knowledge) {
        for (int tries = 0; tries < 3000; ++tries, std::this_thread::sleep_for(std::chrono::milliseconds(5)))
            if (ae->flags(key).knowledge == knowledge) return true;
        return false;
    };
    CHECK(reads(CAREPLUG_KNOWLEDGE_NOT_KNOWN));
    CHECK(ae->flags(key).reason == CAREPLUG_REASON_ENGINE);
    CHECK(ae->flags(key).last_knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    ::kill(running.front(), SIGCONT);
    CHECK(reads(CAREPLUG_KNOWLEDGE_NO_PLAN));
}

TEST_CASE("H4: a draft comes back after the engine was killed, and the store tells nothing about anybody") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*gp, key, "create");
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    const auto running = engines();
    REQUIRE(running.size() == 1);
    ::kill(running.front(), SIGKILL);
    CHECK(gp->pump_until([&] { return gp->flags(key).reason == CAREPLUG_REASON_ENGINE; }));
    CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);

    for (const char* secret :
         {mary, "999 031 8468", "Heart failure", "Patel", "Test Lane", "450476008", "1944-06-19"})
        CHECK_FALSE(contains(whole_store(gp->folder() / "store"), secret));

    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key, "Test, Patient", patient).status == CAREPLUG_OK);
    CHECK(contains(TestHost::call(careplug_actions, patient).text, "\"continue\""));
    careplug_handle problem = 0;
    CHECK(careplug_patient_may_close(patient, &problem) == CAREPLUG_OK_DRAFT_KEPT);
    careplug_handle panel = 0;
    REQUIRE(gp->open_panel(patient, "continue", panel).status == CAREPLUG_OK);
    const auto view = TestHost::view(panel).json();
    CHECK(view.at("draft").at("resumed") == true);
    CHECK(contains(TestHost::call(careplug_panel_response, panel).text, "Heart failure"));

    REQUIRE(careplug_panel_discard(panel, &problem) == CAREPLUG_OK);
    CHECK(careplug_panel_close(panel) == CAREPLUG_OK);
    CHECK(careplug_panel_close(panel) == CAREPLUG_REFUSED_HANDLE);
    CHECK_FALSE(contains(TestHost::call(careplug_actions, patient).text, "\"continue\""));
}

TEST_CASE("An update that cannot be is refused with a sentence and changes nothing") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*gp, key, "create");
    const std::string before = TestHost::call(careplug_panel_response, opened.panel).text;
    for (const auto& items :
         {nlohmann::json::array({worded("no.such", "x")}), nlohmann::json::array({worded("cpr.date", "x")}),
          nlohmann::json::array({worded("cpr.decision", "yes")}), nlohmann::json::array({7})}) {
        const Outcome refused = TestHost::update(opened.panel, items);
        CHECK(refused.status == CAREPLUG_REFUSED_ARGUMENT);
        CHECK(refused.problem.size() > 20);
    }
    CHECK(TestHost::call(careplug_panel_response, opened.panel).text == before);
    CHECK(TestHost::call(careplug_panel_form, opened.panel).json().at("resourceType") == "Questionnaire");

    careplug_handle result = 0;
    careplug_handle problem = 0;
    CHECK(careplug_panel_validate(opened.panel, CAREPLUG_INTENT_PUBLISH, &result, &problem) ==
          CAREPLUG_REFUSED_INVALID);
    careplug_release(result);
    careplug_release(problem);
    CHECK(gp->submit(opened.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_INVALID);
    CHECK(gp->submit(opened.panel, 99).status == CAREPLUG_REFUSED_ARGUMENT);
}
