// One save after the other, and at each the next request to the exchange is cut, in four ways.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "engine/scene.h"
#include "failures/cut_line.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds patience{40};

}  // namespace

TEST_CASE("H4, H5: whichever request of a save is cut, and wherever, it is shared once and nothing half") {
    Scene scene;
    CutLine line(scene.exchange.url());
    scene.exchange.stand_behind(line.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const bool all = std::getenv("CAREPLUG_LONG") != nullptr;
    std::uint32_t revision = 1;
    long cells = 0;
    bool more = true;
    for (long nth = 1; more; ++nth) {
        more = false;
        for (const Cut cut : cuts) {
            // In the gate each request is cut in one of the ways.
            if (!all && cut != cuts[static_cast<std::size_t>(nth) % cuts.size()]) continue;
            INFO("cut " << words(cut) << " request " << nth);
            const std::string text = words(cut) + " " + std::to_string(nth);
            const Opened editing = open(*gp, key, "edit");
            const Outcome typed = TestHost::update(editing.panel, json::array({worded("dx.primary", text)}));
            REQUIRE(typed.status == CAREPLUG_OK);
            line.order(cut, nth);
            careplug_handle operation = 0;
            careplug_handle problem = 0;
            REQUIRE(careplug_panel_submit(editing.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
                    CAREPLUG_OK);
            std::optional<PulledEvent> told;
            REQUIRE(gp->pump_until([&] { return (told = gp->kept(CAREPLUG_EVENT_OPERATION)).has_value(); },
                                   patience));
            const bool was_cut = line.was_cut();
            INFO(told->body);
            CHECK(told->record.status == CAREPLUG_OK);
            CHECK(told->record.subject == operation);
            careplug_release(operation);
            ++revision;
            REQUIRE(gp->pump_until([&] { return gp->flags(key).revision == revision; }, patience));
            CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, text));
            CHECK_FALSE(gp->kept(CAREPLUG_EVENT_OPERATION));
            REQUIRE(careplug_patient_close(editing.patient) == CAREPLUG_OK);
            more = more || was_cut;
            cells += was_cut ? 1 : 0;
        }
    }
    std::cout << "requests cut: " << cells << "; revisions published " << revision << ", each once\n";
    CHECK(cells > 0);
}
