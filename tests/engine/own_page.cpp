#include "own_page.h"

#include <catch2/catch.hpp>

namespace careplug::test {

std::unique_ptr<TestHost> own_page(Scene& scene, const std::string& number, const std::string& role,
                                   const std::string& subject, const std::string& computer) {
    auto host = std::make_unique<TestHost>(
        scene.exchange, scene.folder / computer, "patient",
        SignedIn{"gp", false, "nobody", role == "patient" ? "Mary Test" : "Jo Lindqvist"},
        [](nlohmann::json& settings) { settings["kinds"]["patient"] = "patient"; });
    host->assertion = [signer = &host->signer(), number, role, subject](nlohmann::json claims) {
        for (const char* of_staff : {"organisation", "organisation_name", "senior"}) claims.erase(of_staff);
        claims["role"] = role;
        claims["sub"] = subject;
        claims["nhs_number"] = number;
        return signer->sign(claims);
    };
    host->close();
    host->open();
    return host;
}

std::uint32_t publish_shared_plan(TestHost& host, const careplug_patient_key& key) {
    publish_plan(host, key);
    const Opened editing = open(host, key, "edit");
    REQUIRE(TestHost::update(editing.panel, nlohmann::json::array({coded(
                                                "con.patient_access", "all",
                                                "urn:x-local:careplug:urgent-care-plan", "All of the plan")}))
                .status == CAREPLUG_OK);
    const Outcome published = host.submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(editing.patient) == CAREPLUG_OK);
    return published.json().value("revision", 0U);
}

}  // namespace careplug::test
