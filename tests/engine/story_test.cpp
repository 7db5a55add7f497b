#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;

TEST_CASE(
    "A plan made in the GP record raises flags on the A&E board, is read there and noted out of hours") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto ooh = scene.ooh();
    const auto key = patient_key("999 031 8468", "1944-06-19");
    ae->watch({key});
    ooh->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    CHECK(ae->flags(key).checked > 0);

    CHECK(publish_plan(*gp, key) == 1);

    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "dnacpr"));
    CHECK(ae->flags(key).revision == 1);

    const Opened reading = open(*ae, key, "read");
    const auto view = wait_for_view(*ae, reading.panel, [](const auto& one) {
        return !one.value("summary", nlohmann::json::array()).empty();
    });
    CHECK(view.at("mode") == "read");
    CHECK(view.at("summary").at(0).at("linkId") == "cpr.decision");
    CHECK(contains(view.at("summary").at(0).at("text"), "Not for attempted"));
    CHECK(view.at("revision") == 1);
    CHECK(view.contains("checked"));
    const auto summary = TestHost::call(careplug_panel_summary, reading.panel);
    CHECK(summary.status == CAREPLUG_OK);
    CHECK(contains(summary.json().at("text"), "Not for attempted"));
    CHECK(TestHost::update(reading.panel, nlohmann::json::array({worded("dx.primary", "x")})).status ==
          CAREPLUG_REFUSED);

    REQUIRE(wait_for_knowledge(*ooh, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened noting = open(*ooh, key, "note");
    REQUIRE(
        TestHost::update(noting.panel, nlohmann::json::array({worded("evt.note.text", "Visited, settled.")}))
            .status == CAREPLUG_OK);
    const Outcome noted = ooh->submit(noting.panel, CAREPLUG_INTENT_NOTE);
    INFO(noted.problem << noted.text << TestHost::view(noting.panel).text);
    CHECK(noted.status == CAREPLUG_OK);

    const Opened seen = open(*gp, key, "read");
    const auto notes = wait_for_view(*gp, seen.panel, [](const auto& one) { return one.contains("notes"); });
    CHECK(notes.at("notes").at(0).at("text") == "Visited, settled.");
}

TEST_CASE("An open panel says that a newer revision was published elsewhere") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened reading = open(*gp, key, "read");
    other->watch({key});
    REQUIRE(wait_for_knowledge(*other, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened editing = open(*other, key, "edit");
    REQUIRE(TestHost::update(editing.panel,
                             nlohmann::json::array({worded("dx.primary", "Motor neurone disease")}))
                .status == CAREPLUG_OK);
    const Outcome published = other->submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 2);
    const auto view =
        wait_for_view(*gp, reading.panel, [](const auto& one) { return one.contains("newer"); });
    CHECK(view.at("newer").at("revision") == 2);
    CHECK(view.at("revision") == 1);
}

TEST_CASE("Text with emoji, right-to-left script and markup travels unchanged") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*gp, key, "create");
    const std::string text =
        "<script>alert(1)</script> \xF0\x9F\x8C\xBB \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D e\xCC\x81";
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    REQUIRE(TestHost::update(opened.panel, nlohmann::json::array({worded("dx.primary", text)})).status ==
            CAREPLUG_OK);
    const Outcome published = gp->submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    careplug_patient_close(opened.patient);
    const Opened reading = open(*gp, key, "read");
    const auto summary = TestHost::call(careplug_panel_response, reading.panel);
    CHECK(contains(summary.text, nlohmann::json(text).dump()));
    CHECK_FALSE(
        contains(TestHost::call(careplug_panel_summary, reading.panel).json().at("html"), "<script>"));
}
