#include "scene.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace careplug::test {

std::vector<pid_t> engines() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(entry.path() / "status");
        std::ostringstream read;
        read << file.rdbuf();  // of a process that ends meanwhile: nothing
        const std::string status = read.str();
        if (contains(status, "careplug-engin") && !contains(status, "State:\tZ") &&
            contains(status, "PPid:\t" + std::to_string(::getpid()) + "\n"))
            found.push_back(std::stoi(name));
    }
    return found;
}

std::unique_ptr<TestHost> Scene::gp(const std::string& name, const std::string& subject) {
    return std::make_unique<TestHost>(exchange, folder / name, "gp",
                                      SignedIn{"gp", false, subject, "Dr A. Patel"});
}

std::unique_ptr<TestHost> Scene::ae(const std::string& role) {
    return std::make_unique<TestHost>(exchange, folder / "ae", "ae",
                                      SignedIn{role, true, "nurse", "Nurse B. Okoro"});
}

std::unique_ptr<TestHost> Scene::ooh() {
    return std::make_unique<TestHost>(exchange, folder / "ooh", "ooh",
                                      SignedIn{"ooh_clinician", false, "doc", "Dr C. Lind"});
}

std::unique_ptr<TestHost> Scene::hospice() {
    auto host = gp("hospice", "lindqvist");
    host->assertion = [signer = &host->signer()](nlohmann::json claims) {
        claims["organisation"] = "Y90077";
        claims["organisation_name"] = "St Brigid Hospice";
        claims["role"] = "hospice_clinician";
        return signer->sign(claims);
    };
    host->basis = CAREPLUG_BASIS_CASELOAD;
    host->close();
    host->open();
    return host;
}

nlohmann::json words(const std::string& link_id, const std::string& text) {
    return nlohmann::json::array({worded(link_id, text)});
}

Outcome carry_out(TestHost& host, const careplug_patient_key& key, const std::string& action,
                  std::int32_t intent, const nlohmann::json& items) {
    const Opened opened = open(host, key, action);
    const Outcome updated = TestHost::update(opened.panel, items);
    INFO(updated.problem);
    REQUIRE(updated.status == CAREPLUG_OK);
    const Outcome outcome = host.submit(opened.panel, intent);
    REQUIRE(careplug_patient_close(opened.patient) == CAREPLUG_OK);
    return outcome;
}

void suspend(TestHost& host, const careplug_patient_key& key) {
    const Outcome done = carry_out(
        host, key, "suspend", CAREPLUG_INTENT_SUSPEND,
        {{{"linkId", "state.since"}, {"answer", nlohmann::json::array({{{"valueDate", "2026-11-20"}}})}}});
    INFO(done.problem << done.text);
    REQUIRE(done.status == CAREPLUG_OK);
}

bool wait_for_knowledge(TestHost& host, const careplug_patient_key& key, std::int32_t knowledge) {
    return host.pump_until([&] { return host.flags(key).knowledge == knowledge; });
}

bool has_flag(TestHost& host, const careplug_patient_key& key, const std::string& id) {
    const auto ids = host.flag_ids(host.flags(key));
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

nlohmann::json wait_for_view(TestHost& host, careplug_handle panel,
                             const std::function<bool(const nlohmann::json&)>& done) {
    nlohmann::json view;
    host.pump_until([&] {
        const Outcome outcome = TestHost::view(panel);
        if (outcome.status >= 100) return false;
        view = outcome.json();
        return done(view);
    });
    INFO(view.dump(1));
    REQUIRE(done(view));
    return view;
}

Opened open(TestHost& host, const careplug_patient_key& key, const std::string& action) {
    Opened opened;
    const Outcome patient = host.open_patient(key, "Test, Patient", opened.patient);
    INFO(patient.problem);
    REQUIRE(patient.status < 100);
    Outcome panel;
    host.pump_until([&] {
        panel = host.open_panel(opened.patient, action, opened.panel);
        return panel.status != CAREPLUG_REFUSED_UNREACHABLE;
    });
    INFO(panel.problem);
    REQUIRE(panel.status < 100);
    wait_for_view(host, opened.panel, [](const nlohmann::json& view) {
        return view.at("plan") != "loading" && view.at("record") != "awaited";
    });
    return opened;
}

std::uint32_t publish_plan(TestHost& host, const careplug_patient_key& key, const std::string& cpr_code) {
    host.watch({key});
    REQUIRE(wait_for_knowledge(host, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(host, key, "create");
    const Outcome update = TestHost::update(opened.panel, core_answers(cpr_code));
    INFO(update.problem);
    REQUIRE(update.status == CAREPLUG_OK);
    const Outcome published = host.submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    INFO(TestHost::view(opened.panel).text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(host, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(careplug_patient_close(opened.patient) == CAREPLUG_OK);
    return published.json().value("revision", 0U);
}

TwoEditors::TwoEditors(const nlohmann::json& also) {
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*first, key);
    if (!also.empty()) {
        mine = open(*first, key, "edit");
        i_write(also);
        REQUIRE(publish_mine().status == CAREPLUG_OK);
        REQUIRE(careplug_patient_close(mine.patient) == CAREPLUG_OK);
    }
    second->watch({key});
    REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
    mine = open(*first, key, "edit");
    theirs = open(*second, key, "edit");
}

void TwoEditors::i_write(const nlohmann::json& items) {
    const Outcome written = TestHost::update(mine.panel, items);
    INFO(written.problem);
    REQUIRE(written.status == CAREPLUG_OK);
}

void TwoEditors::they_publish(const nlohmann::json& items) {
    const Outcome written = TestHost::update(theirs.panel, items);
    INFO(written.problem);
    REQUIRE(written.status == CAREPLUG_OK);
    const Outcome published = second->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
}

nlohmann::json TwoEditors::meet() {
    const Outcome refused = publish_mine();
    INFO(refused.problem << refused.text);
    REQUIRE(refused.status == CAREPLUG_REFUSED_CONFLICT);
    REQUIRE(contains(refused.text, "NOT shared"));
    return TestHost::view(mine.panel).json();
}

Outcome TwoEditors::resolve(const std::string& unit, std::int32_t keep) {
    Outcome outcome;
    careplug_handle result = 0;
    careplug_handle problem = 0;
    outcome.status = careplug_panel_resolve(mine.panel, unit.data(), unit.size(), keep, &result, &problem);
    careplug_release(result);
    careplug_release(problem);
    return outcome;
}

std::string TwoEditors::my_response() const {
    return TestHost::call(careplug_panel_response, mine.panel).text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace careplug::test
