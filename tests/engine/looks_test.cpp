// Who looked at a plan, as the person whose plan it is reads it.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "../unit/plan_fixture.h"
#include "own_page.h"
#include "plans/looks.h"

using namespace careplug::test;
using nlohmann::json;
namespace engine = careplug::engine;
namespace plan = careplug::plan;

namespace {

const auto key_of_mary = patient_key(mary, "1944-06-19");

json looked_at(TestHost& host, careplug_handle patient) {
    careplug_handle panel = 0;
    const Outcome opened = host.open_panel(patient, "looked-at", panel);
    INFO(opened.problem);
    REQUIRE(opened.status < 100);
    const auto view = wait_for_view(host, panel, [](const json& each) { return each.contains("looked_at"); });
    CHECK(view.at("mode") == "looked-at");
    CHECK(TestHost::update(panel, words("pref.matters", "x")).status >= CAREPLUG_REFUSED);
    REQUIRE(careplug_panel_close(panel) == CAREPLUG_OK);
    return view.at("looked_at");
}

careplug_handle open_own(TestHost& own) {
    careplug_handle patient = 0;
    const Outcome opened = own.open_patient(key_of_mary, "Test, Patient", patient);
    INFO(opened.problem);
    REQUIRE(opened.status < 100);
    return patient;
}

plan::AuditRecord event(const std::string& kind, const std::string& when, const std::string& name,
                        const std::string& basis = {}) {
    plan::AuditRecord one;
    one.kind = kind;
    one.when = when;
    one.actor = {"withheld", "gp", name, "gp", false, "Y90001", "Alder Lane Surgery"};
    one.basis = basis;
    return one;
}

json drawn(const std::vector<plan::AuditRecord>& events) {
    plan::Actor reader;
    reader.role = "patient";
    reader.name = "Mary Test";
    return engine::draw_looks(events, plan_test::urgent_care_plan(), reader);
}

}  // namespace

TEST_CASE(
    "H9: a patient reads who looked at their plan, when, as whom and why, and an emergency stands out") {
    Scene scene;
    const auto gp = scene.gp();
    publish_shared_plan(*gp, key_of_mary);
    suspend(*gp, key_of_mary);
    const auto ae = scene.ae();
    ae->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*ae, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    careplug_handle glass = 0, panel = 0;
    REQUIRE(ae->open_patient(key_of_mary, "Test, Patient", glass).status < 100);
    REQUIRE(ae->open_panel(glass, "break-glass", panel).status < 100);
    REQUIRE(
        TestHost::update(
            panel, json::array({{{"linkId", "emergency.reason"},
                                 {"answer", json::array({{{"valueString", "Found unconscious at home"}}})}}}))
            .status < 100);
    wait_for_view(*ae, panel, [](const json& one) { return one.at("plan") == "arrived"; });
    CHECK(ae->open_panel(glass, "looked-at", panel).status == CAREPLUG_REFUSED_ROLE);

    const auto own = own_page(scene, mary);
    own->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*own, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const careplug_handle patient = open_own(*own);
    // The plan itself is not shown now; who looked is.
    CHECK(contains(TestHost::call(careplug_actions, patient).text, "\"looked-at\""));
    const json found = looked_at(*own, patient);
    INFO(found.dump(1));
    CHECK(found.at("state") == "known");
    const json& entries = found.at("entries");
    REQUIRE(entries.size() == 3);
    const auto visit_of = [&](const std::string& name) {
        for (const auto& each : entries)
            if (each.at("name") == name) return each;
        FAIL("no visit of " + name);
        return json();
    };
    const json glass_broken = visit_of("Nurse B. Okoro");
    CHECK(glass_broken.at("role_words") == "A&E clinician");
    CHECK(glass_broken.at("emergency") == true);
    CHECK(contains(glass_broken.at("why"), "in an emergency"));
    const json of_gp = visit_of("Dr A. Patel");
    CHECK(of_gp.at("emergency") == false);
    CHECK(contains(of_gp.at("why"), "registered"));
    CHECK(of_gp.at("organisation") == "Alder Lane Surgery");
    CHECK(visit_of("Mary Test").at("own") == true);
    for (std::size_t at = 1; at < entries.size(); ++at)
        CHECK(entries.at(at - 1).at("last") >= entries.at(at).at("last"));
    // The reason in somebody's words, and their account, stay where they are.
    CHECK_FALSE(contains(found.dump(), "unconscious"));
    CHECK_FALSE(contains(found.dump(), "\"nurse\""));
}

TEST_CASE("H3: who looked that could not be found out is never nobody") {
    Scene scene;
    const auto gp = scene.gp();
    publish_shared_plan(*gp, key_of_mary);
    const auto own = own_page(scene, mary);
    own->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*own, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    const careplug_handle patient = open_own(*own);
    scene.exchange.stop();
    const json found = looked_at(*own, patient);
    CHECK(found.at("state") == "not-known");
    CHECK(contains(found.at("sentence"), "does not mean that nobody did"));
    CHECK(found.at("entries").empty());
    scene.exchange.start();
    own->pump_until([&] { return looked_at(*own, patient).at("state") == "known"; });
    CHECK(looked_at(*own, patient).at("state") == "known");
    CHECK(drawn({}).at("state") == "known");
}

TEST_CASE(
    "H17: who acts for a patient learns who looked by a recorded authority, and not where the person is") {
    Scene scene;
    const auto gp = scene.gp();
    publish_shared_plan(*gp, key_of_mary);
    HttpClient practice(scene.exchange.url());
    practice.always = {{"Authorization", gp->signer().bearer("gp")},
                       {"Content-Type", "application/fhir+json"}};
    const auto found =
        practice.get("/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|" + std::string(mary));
    json person = json::parse(found.body).at("entry").at(0).at("resource");
    const auto jo = own_page(scene, mary, "proxy", "jo", "proxy");
    jo->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*jo, key_of_mary, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const careplug_handle patient = open_own(*jo);
    CHECK(looked_at(*jo, patient).at("state") == "not-known");

    const json related{
        {"resourceType", "RelatedPerson"},
        {"id", "authority-jo"},
        {"identifier",
         {{{"system", "urn:x-local:careplug:issuer:" +
                          jo->signer().claims("proxy", false, "jo").at("iss").get<std::string>()},
           {"value", "jo"}}}},
        {"active", true},
        {"patient", {{"reference", "Patient/" + person.at("id").get<std::string>()}}},
        {"name", {{{"text", "Jo Lindqvist"}}}}};
    const Reply recorded =
        practice.request("PUT", "/RelatedPerson/authority-jo", practice.always, related.dump());
    INFO(recorded.body);
    REQUIRE(recorded.status == 201);
    json told = looked_at(*jo, patient);
    CHECK(told.at("state") == "known");
    CHECK(contains(told.dump(), "Dr A. Patel"));
    const std::string organisation = gp->signer().claims("gp").at("organisation_name");
    CHECK(contains(told.dump(), organisation));

    person["meta"]["security"] = {
        {{"system", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"}, {"code", "R"}}};
    auto with = practice.always;
    with["If-Match"] = "W/\"" + person.at("meta").at("versionId").get<std::string>() + "\"";
    with["Authorization"] = gp->signer().bearer("system");
    const Reply marked =
        practice.request("PUT", "/Patient/" + person.at("id").get<std::string>(), with, person.dump());
    INFO(marked.body);
    REQUIRE(marked.status == 200);
    told = looked_at(*jo, patient);
    CHECK(contains(told.dump(), "Dr A. Patel"));
    CHECK_FALSE(contains(told.dump(), organisation));
}

TEST_CASE(
    "what somebody does within half an hour is one visit, for the basis on which they opened the record") {
    const json found = drawn({event("read", "2026-11-20T15:00:00Z", "Dr A. Patel"),
                              event("open", "2026-11-20T09:00:00Z", "Dr A. Patel", "registered"),
                              event("read", "2026-11-20T09:20:00Z", "Dr A. Patel"),
                              event("read", "2026-11-20T09:45:00Z", "Dr A. Patel"),
                              event("reveal", "2026-11-20T09:46:00Z", "Dr A. Patel"),
                              event("read", "2026-11-20T09:30:00Z", "Dr O. Lind"),
                              event("read", "2026-11-22T15:00:00Z", "Dr A. Patel")});
    const json& entries = found.at("entries");
    INFO(found.dump(1));
    REQUIRE(entries.size() == 4);
    CHECK(entries.at(0).at("last") == "2026-11-22T15:00:00Z");
    CHECK(contains(entries.at(0).at("why"), "not known"));
    CHECK(contains(entries.at(1).at("why"), "registered"));
    CHECK(entries.at(2).at("first") == "2026-11-20T09:00:00Z");
    CHECK(entries.at(2).at("last") == "2026-11-20T09:46:00Z");
    CHECK(entries.at(2).at("what").size() == 3);
    CHECK(entries.at(3).at("name") == "Dr O. Lind");
    CHECK(contains(entries.at(3).at("why"), "not known"));
}

TEST_CASE("who looked is asked again by an engine that took over") {
    Scene scene;
    const auto gp = scene.gp();
    publish_shared_plan(*gp, key_of_mary);
    gp->close();
    const auto own = own_page(scene, mary);
    own->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*own, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_handle panel = 0;
    REQUIRE(own->open_panel(open_own(*own), "looked-at", panel).status < 100);
    const auto told = [](const json& view) {
        return view.contains("looked_at") && contains(view.at("looked_at").dump(), "Dr A. Patel");
    };
    wait_for_view(*own, panel, told);
    const auto running = engines();
    REQUIRE(running.size() == 1);
    REQUIRE(::kill(running.front(), SIGKILL) == 0);
    REQUIRE(own->pump_until([&] { return engines() != running && engines().size() == 1; }));
    wait_for_view(*own, panel, told);
}
