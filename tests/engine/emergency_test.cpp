// Access that ends: the times of the data set in seconds, as no exchange of a hospital would have them.
#include <careplug/plan/audit.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const auto key_of_mary = patient_key(mary, "1944-06-19");

// The data sets of the checkout, with a relationship of the urgent care plan that lasts so many seconds.
std::string data_sets_with(const std::filesystem::path& folder, const std::string& basis, int seconds) {
    std::filesystem::create_directories(folder);
    std::filesystem::copy(std::filesystem::path(CAREPLUG_SOURCE_DIR) / "sdk/plan/datasets", folder,
                          std::filesystem::copy_options::recursive);
    const auto file = folder / "urgent-care-plan.json";
    json questionnaire = json::parse(std::ifstream(file));
    for (auto& extension : questionnaire.at("extension")) {
        if (extension.at("url") != "urn:x-local:careplug:relationship") continue;
        auto& parts = extension.at("extension");
        if (parts.at(0).at("valueCode") != basis) continue;
        for (auto& part : parts)
            if (part.at("url") == "minutes") part = {{"url", "seconds"}, {"valueInteger", seconds}};
    }
    std::ofstream(file) << questionnaire.dump();
    return folder.string();
}

struct ShortTimes {
    ShortTimes(const std::string& basis, int seconds)
        : data_sets(data_sets_with(folder / "exchange" / "datasets", basis, seconds)) {}
    std::unique_ptr<TestHost> host(const std::string& kind, SignedIn who) {
        return std::make_unique<TestHost>(exchange, folder / kind, kind, std::move(who),
                                          [this](json& settings) { settings["datasets"] = data_sets; });
    }

    TemporaryFolder folder;
    std::string data_sets;
    Exchange exchange{folder / "exchange"};
    std::unique_ptr<TestHost> gp = host("gp", {"gp", false, "patel", "Dr A. Patel"});
};

// What the exchange gives this person of the published revision.
std::string given_to(ShortTimes& times, TestHost& host, const std::string& role, const std::string& subject) {
    HttpClient client(times.exchange.url());
    client.always = {{"Authorization", host.signer().bearer(role, true, subject)}};
    return client.get("/QuestionnaireResponse?patient.identifier=" + std::string(mary)).body;
}

}  // namespace

TEST_CASE("H9: an emergency ends: the open panel shows nothing more and says why, and the exchange refuses") {
    ShortTimes times("break-glass", 6);
    publish_plan(*times.gp, key_of_mary);
    suspend(*times.gp, key_of_mary);
    const auto ae = times.host("ae", {"ae_clinician", true, "nurse", "Nurse B. Okoro"});
    ae->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*ae, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const auto flags_before = ae->flag_ids(ae->flags(key_of_mary));
    careplug_handle patient = 0;
    REQUIRE(ae->open_patient(key_of_mary, "Test, Patient", patient).status < 100);
    careplug_handle panel = 0;
    REQUIRE(ae->open_panel(patient, "break-glass", panel).status < 100);
    CHECK(contains(TestHost::view(panel).text, "for 6 seconds"));
    REQUIRE(TestHost::update(panel, json::array({worded("emergency.reason", "Found unconscious")})).status ==
            CAREPLUG_OK);
    const json open_now =
        wait_for_view(*ae, panel, [](const json& view) { return view.at("plan") == "arrived"; });
    CHECK(contains(open_now.dump(), "Heart failure"));
    CHECK(contains(given_to(times, *ae, "ae_clinician", "nurse"), "Heart failure"));

    // The host is told to draw again, and what it then draws holds nothing of the plan.
    json view;
    REQUIRE(ae->pump_until([&] {
        view = TestHost::view(panel).json();
        return contains(view.dump(), "Emergency access ended");
    }));
    CHECK_FALSE(contains(view.dump(), "Heart failure"));
    CHECK_FALSE(view.contains("emergency"));
    CHECK(view.at("plan") == "withheld");
    CHECK(contains(view.at("warnings").dump(), "Open it again, with a reason"));
    CHECK(TestHost::call(careplug_panel_response, panel).status >= CAREPLUG_REFUSED);
    careplug_handle result = 0;
    careplug_handle problem = 0;
    CHECK(careplug_panel_reveal(panel, "dem.keysafe", 11, &result, &problem) >= CAREPLUG_REFUSED);
    careplug_release(problem);
    CHECK(ae->pump_until(
        [&] { return !contains(given_to(times, *ae, "ae_clinician", "nurse"), "Heart failure"); }));

    // Flags say what they said before: suspended, and nothing of what the plan says.
    CHECK(ae->flags(key_of_mary).knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED);
    CHECK(ae->flag_ids(ae->flags(key_of_mary)) == flags_before);
    // It is offered again, with another reason.
    CHECK(contains(TestHost::call(careplug_actions, patient).text, "\"break-glass\""));
    careplug_handle again = 0;
    CHECK(ae->open_panel(patient, "break-glass", again).status < 100);
}

TEST_CASE(
    "H4, H9: a change that waited longer than its relationship lasts is shared, with the basis said again") {
    ShortTimes times("registered", 4);
    TestHost& gp = *times.gp;
    publish_plan(gp, key_of_mary);
    const Opened editing = open(gp, key_of_mary, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("tep.text", "Oxygen at home")})).status ==
            CAREPLUG_OK);
    // Told, then the line drops.
    const auto told = std::chrono::steady_clock::now();
    const auto openings = [&] {
        HttpClient officer(times.exchange.url());
        officer.always = {{"Authorization", gp.signer().bearer("privacy_officer", false, "officer")}};
        return officer.get("/AuditEvent?subtype=open").body;
    };
    REQUIRE(gp.pump_until([&] { return contains(openings(), "registered"); }));
    times.exchange.stop();
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_submit(editing.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
            CAREPLUG_OK);
    gp.pump_until([&] { return std::chrono::steady_clock::now() - told > std::chrono::seconds(6); });
    times.exchange.start();
    const PulledEvent done = gp.wait_for(CAREPLUG_EVENT_OPERATION);
    INFO(done.body);
    CHECK(done.record.status == CAREPLUG_OK);
    CHECK(contains(openings(), "to send what waited"));
    careplug_release(operation);
}
