// Who may see and change what: two windows of one person, another person at the desk, hidden answers.
#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

TEST_CASE("H4: a second window of the same person, with an engine of its own, overwrites no draft") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    TestHost second(*gp);
    second.watch({key});
    REQUIRE(wait_for_knowledge(second, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened first = open(*gp, key, "edit");
    const Opened late = open(second, key, "edit");  // before anything was typed
    REQUIRE(TestHost::update(first.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const Outcome refused = TestHost::update(late.panel, words("dx.primary", "Dementia"));
    CHECK(refused.status == CAREPLUG_REFUSED);
    CHECK(contains(refused.problem, "another window"));
    careplug_panel_close(late.panel);
    careplug_handle panel = 0;
    CHECK(second.open_panel(late.patient, "edit", panel).status == CAREPLUG_REFUSED);
    REQUIRE(second.open_panel(late.patient, "continue", panel).status == CAREPLUG_OK);
    CHECK(contains(TestHost::call(careplug_panel_response, panel).text, "Lung cancer"));
    REQUIRE(TestHost::update(panel, words("dx.primary", "Dementia")).status == CAREPLUG_OK);
    CHECK(gp->submit(first.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED);
    CHECK(second.submit(panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    CHECK(gp->pump_until([&] { return gp->flags(key).revision == 2; }));
}

TEST_CASE("H7: a draft is seen by its author alone") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    gp->close();
    // Another doctor at the same desk: the same store, issuer and role.
    gp->assertion = [&](json claims) {
        claims["sub"] = "jones";
        return gp->signer().sign(claims);
    };
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK_FALSE(has_flag(*gp, key, "own-draft"));
    const Opened other = open(*gp, key, "edit");
    CHECK_FALSE(contains(TestHost::call(careplug_panel_response, other.panel).text, "Lung cancer"));
    careplug_handle panel = 0;
    CHECK(gp->open_panel(other.patient, "continue", panel).status == CAREPLUG_REFUSED);
}

TEST_CASE("H9: an assertion for another service, unsigned or of another person is refused with a sentence") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    gp->close();
    gp->assertion = [&](json claims) {
        claims["aud"] = "another";
        return gp->signer().sign(claims);
    };
    CHECK_THROWS_WITH(gp->open(), Catch::Contains("not meant for the care plan exchange"));
    gp->close();
    gp->assertion = [](json) { return std::string("not a token"); };
    CHECK_THROWS_WITH(gp->open(), Catch::Contains("not a signed token"));
    gp->close();

    // Unsigned: only the exchange can tell. The session says so, shows nothing, and asks again by itself.
    bool good = false;
    gp->assertion = [&](json claims) {
        const std::string token = gp->signer().sign(claims);
        return good ? token : token.substr(0, token.rfind('.') + 1);
    };
    gp->open();
    gp->watch({key});
    CHECK(gp->wait_for(CAREPLUG_EVENT_SESSION).record.status == CAREPLUG_REFUSED_SIGNED_OUT);
    CHECK(gp->flags(key).reason == CAREPLUG_REASON_SIGNED_OUT);
    CHECK_FALSE(has_flag(*gp, key, "dnacpr"));
    good = true;
    CHECK(gp->pump_until([&] { return gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; },
                         std::chrono::seconds(30)));
}

TEST_CASE("H9: a sign-in is renewed before it ends, and another person never goes on in its place") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    gp->close();
    std::string subject = "patel";
    gp->assertion = [&](json claims) {
        claims["sub"] = subject;
        claims["exp"] = claims["iat"].get<std::int64_t>() + 30;  // soon enough to be asked again at once
        return gp->signer().sign(claims);
    };
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    const int asked = gp->identities_asked();
    CHECK(gp->pump_until([&] { return gp->identities_asked() > asked; }));
    CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    subject = "jones";
    CHECK(gp->pump_until([&] { return gp->flags(key).reason == CAREPLUG_REASON_SIGNED_OUT; }));
    CHECK_FALSE(has_flag(*gp, key, "dnacpr"));
}

TEST_CASE("H1: the record of another person than asked for is refused, and fills nothing in") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    gp->record = [](const json&) { return record_bundle(john, "1950-01-01", "Wrong", "Person"); };
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key, "Test, Patient", patient).status < 100);
    careplug_handle panel = 0;
    REQUIRE(gp->open_panel(patient, "create", panel).status < 100);
    gp->pump_until([] { return false; }, std::chrono::seconds(1));
    CHECK(TestHost::view(panel).json().at("record") == "awaited");
    CHECK_FALSE(contains(TestHost::call(careplug_panel_response, panel).text, "Wrong"));
}

TEST_CASE("H12: a masked answer stays hidden in a conflict and in what was merged") {
    TwoEditors two;
    const bool both = GENERATE(true, false);
    two.i_write(both ? words("dem.keysafe", "Code 1111") : words("dx.primary", "Lung cancer"));
    two.they_publish(words("dem.keysafe", "Code 4711"));
    CHECK(two.meet().contains(both ? "conflicts" : "merged"));
    CHECK_FALSE(contains(TestHost::view(two.mine.panel).text, "4711"));
    CHECK_FALSE(contains(two.my_response(), "4711"));
}
