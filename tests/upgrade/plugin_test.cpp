// Another package is put in the place of a plugin while a clinician works with it.
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "upgrade/installed.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

bool draft_is_there(const Practice& practice) {
    return contains(TestHost::call(careplug_panel_response, practice.editing.panel).text, "Lung cancer");
}

std::int64_t milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
        .count();
}

}  // namespace

TEST_CASE("H4, H16: a newer plugin answers between two calls of a session that runs, and the form stays") {
    Practice practice;
    TestHost& gp = *practice.gp;
    CHECK(practice.version() == "1.0.0");
    const auto installed = std::chrono::steady_clock::now();
    practice.package.install("visit_2", "1.1.0");
    REQUIRE(practice.wait_for_version("1.1.0"));
    std::cout << "plugin installed to first answer of the new one: " << milliseconds_since(installed)
              << " ms\n";
    CHECK(gp.flags(practice.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    CHECK(draft_is_there(practice));
    CHECK(contains(practice.log(), "takes the place of 1.0.0"));

    // The same form, checked by the new one, is published.
    REQUIRE(TestHost::update(practice.editing.panel, json::array({worded("dx.other", "Diabetes")})).status ==
            CAREPLUG_OK);
    CHECK(gp.submit(practice.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    CHECK(gp.pump_until([&] { return gp.flags(practice.key).revision == 2; }));
    CHECK(practice.button() == "Edit plan, 1.1.0");
    CHECK(engines().size() == 1);
}

TEST_CASE("H16: an older plugin takes over only where the oldest version that may run allows it") {
    Practice practice;
    practice.package.install("visit_2", "1.1.0");
    REQUIRE(practice.wait_for_version("1.1.0"));
    practice.package.minimum("1.1.0");
    practice.package.install("visit_1", "1.0.0");
    REQUIRE(practice.gp->pump_until([&] { return contains(practice.log(), "older than 1.1.0"); }));
    CHECK(practice.version() == "1.1.0");
    CHECK(draft_is_there(practice));
    CHECK(practice.gp->flags(practice.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN);

    practice.package.minimum("1.0.0");
    CHECK(practice.wait_for_version("1.0.0"));
    CHECK(draft_is_there(practice));
}

TEST_CASE("H16: a package that was tampered with replaces nothing that runs") {
    Practice practice;
    practice.package.install_tampered("visit_2", "1.1.0");
    REQUIRE(practice.gp->pump_until(
        [&] { return contains(practice.log(), "is not the one that the manifest names"); }));
    CHECK(practice.version() == "1.0.0");
    CHECK(draft_is_there(practice));
    REQUIRE(TestHost::update(practice.editing.panel, json::array({worded("dx.other", "Diabetes")})).status ==
            CAREPLUG_OK);
    CHECK(practice.gp->submit(practice.editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);

    practice.package.install("visit_2", "1.1.0");
    CHECK(practice.wait_for_version("1.1.0"));
}

TEST_CASE("H16: another plugin in the same place serves no session of the former") {
    Practice practice;
    practice.package.manifest.id = "example.care.visit";
    practice.package.install("visit_other", "1.1.0");
    REQUIRE(practice.gp->pump_until(
        [&] { return contains(practice.log(), "serves sessions that are opened from now on"); }));
    CHECK(practice.version() == "1.0.0");
    CHECK(draft_is_there(practice));
}

TEST_CASE("H16: plugins that follow each other quickly leave the last one, and every call is answered") {
    Practice practice;
    for (int times = 0; times < 3; ++times) {
        practice.package.install("visit_2", "1.1.0");
        practice.package.install("visit_1", "1.0.0");
        practice.package.install("visit_2", "1.1.0");
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(400);
        bool answered = true;
        practice.gp->pump_until([&] {
            answered = answered && !practice.button().empty();
            return std::chrono::steady_clock::now() > until;
        });
        CHECK(answered);
    }
    CHECK(practice.wait_for_version("1.1.0"));
    CHECK(draft_is_there(practice));
}
