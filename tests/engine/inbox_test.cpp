// The inbox of the organisation: a change over which somebody else published may be decided by a colleague.
#include <algorithm>
#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const auto key = patient_key(mary, "1944-06-19");

json state(TestHost& host) {
    return TestHost::call(careplug_session_state, host.session()).json();
}

bool wait_for_inbox(TestHost& host, std::size_t count) {
    return host.pump_until([&] { return state(host).at("inbox").size() == count; }, std::chrono::seconds(40));
}

bool offers(careplug_handle patient, const std::string& id) {
    const json list = TestHost::call(careplug_actions, patient).json().at("actions");
    return std::any_of(list.begin(), list.end(), [&](const json& action) { return action.at("id") == id; });
}

// Dr Patel's change is overtaken, and Dr Patel goes home.
struct Overtaken : TwoEditors {
    Overtaken() {
        i_write(json::array({worded("dx.primary", "Lung cancer")}));
        they_publish(json::array({worded("dx.primary", "Dementia")}));
        meet();
        careplug_patient_close(theirs.patient);
        REQUIRE(wait_for_inbox(*second, 1));
        first->close();
        second->assertion = [signer = &second->signer()](json claims) {
            claims["name"] = "Dr B. Jones";
            return signer->sign(claims);
        };
        second->close();
        second->open();
        second->watch({key});
        REQUIRE(wait_for_knowledge(*second, key, CAREPLUG_KNOWLEDGE_PLAN));
        REQUIRE(wait_for_inbox(*second, 1));
    }
};

}  // namespace

TEST_CASE("H5, H7: a change in conflict waits in the inbox of its author's organisation, and nowhere else") {
    Overtaken two;
    const json waiting = state(*two.second).at("inbox").at(0);
    CHECK(waiting.at("nhs_number") == mary);
    CHECK(contains(waiting.at("author"), "Dr A. Patel"));
    CHECK(contains(waiting.at("sentence"), "NOT shared"));
    CHECK_FALSE(contains(waiting.dump(), "cancer"));

    TestHost nurse(two.scene.exchange, two.scene.folder / "nurse", "gp",
                   SignedIn{"district_nurse", false, "dn", "Nurse D. Hill"});
    const auto hospice = two.scene.hospice();
    for (TestHost* host : {&nurse, hospice.get()}) {
        host->watch({key});
        REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
        const Opened opened = open(*host, key, "read");
        CHECK(state(*host).at("inbox").empty());
        CHECK_FALSE(offers(opened.patient, "take-over"));
        CHECK_FALSE(contains(TestHost::view(opened.panel).text, "Lung cancer"));
        careplug_handle panel = 0;
        CHECK(host->open_panel(opened.patient, "take-over", panel).status >= 100);
    }
}

TEST_CASE("H5, H7: a colleague takes a change over, decides, and its author stays the recorder") {
    Overtaken two;
    careplug_handle patient = 0;
    REQUIRE(two.second->open_patient(key, "Test, Patient", patient).status < 100);
    REQUIRE(two.second->pump_until([&] { return offers(patient, "take-over"); }, std::chrono::seconds(40)));
    careplug_patient_close(patient);
    const Opened taken = open(*two.second, key, "take-over");
    const json view = TestHost::view(taken.panel).json();
    CHECK(contains(view.at("submission").at("author"), "Dr A. Patel"));
    REQUIRE(view.at("conflicts").size() == 1);
    CHECK(contains(view.at("conflicts").at(0).dump(), "Lung cancer"));
    CHECK(contains(view.at("conflicts").at(0).dump(), "Dementia"));
    // The first of both is not the reader's own.
    CHECK(contains(view.at("conflicts").at(0).at("mine_author"), "Dr A. Patel"));
    CHECK(view.at("may").at("submit") == false);
    // Looked at and left: nothing has changed.
    REQUIRE(careplug_panel_close(taken.panel) == CAREPLUG_OK);
    CHECK(state(*two.second).at("inbox").size() == 1);

    const Opened again = open(*two.second, key, "take-over");
    careplug_handle result = 0;
    const std::string unit = TestHost::view(again.panel).json().at("conflicts").at(0).at("unit");
    REQUIRE(careplug_panel_resolve(again.panel, unit.data(), unit.size(), CAREPLUG_KEEP_MINE, &result,
                                   nullptr) == CAREPLUG_OK);
    careplug_release(result);
    const Outcome published = two.second->submit(again.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    const json now = TestHost::view(again.panel).json();
    CHECK(now.at("revision") == 3);
    CHECK(contains(now.at("author"), "Dr A. Patel"));
    CHECK(contains(now.at("approver"), "Dr B. Jones"));
    CHECK(contains(TestHost::call(careplug_panel_response, again.panel).text, "Lung cancer"));
    CHECK(wait_for_inbox(*two.second, 0));

    // Its author is told at the next sign-in, keeps what was typed, and ends it.
    two.first->open();
    two.first->watch({key});
    REQUIRE(two.first->pump_until(
        [&] { return contains(state(*two.first).at("not_shared").dump(), "took your change over"); },
        std::chrono::seconds(40)));
    const Opened mine = open(*two.first, key, "continue");
    CHECK_FALSE(TestHost::view(mine.panel).json().contains("conflicts"));
    REQUIRE(careplug_panel_discard(mine.panel, nullptr) == CAREPLUG_OK);
    CHECK(state(*two.first).at("not_shared").empty());
    CHECK(state(*two.second).at("inbox").empty());
}

TEST_CASE(
    "H5: of an author and a colleague who decide the same change the second is told, and loses nothing") {
    Overtaken two;
    careplug_handle patient = 0;
    REQUIRE(two.second->open_patient(key, "Test, Patient", patient).status < 100);
    REQUIRE(two.second->pump_until([&] { return offers(patient, "take-over"); }, std::chrono::seconds(40)));
    const Opened taken = open(*two.second, key, "take-over");
    careplug_handle result = 0;
    const std::string unit = TestHost::view(taken.panel).json().at("conflicts").at(0).at("unit");
    REQUIRE(careplug_panel_resolve(taken.panel, unit.data(), unit.size(), CAREPLUG_KEEP_MINE, &result,
                                   nullptr) == CAREPLUG_OK);
    careplug_release(result);

    two.first->open();
    two.first->watch({key});
    REQUIRE(wait_for_knowledge(*two.first, key, CAREPLUG_KNOWLEDGE_PLAN));
    two.mine = open(*two.first, key, "continue");
    const json undecided = TestHost::view(two.mine.panel).json().at("conflicts");
    for (const auto& conflict : undecided)
        REQUIRE(two.resolve(conflict.at("unit"), CAREPLUG_KEEP_MINE).status == CAREPLUG_OK);
    REQUIRE(two.publish_mine().status == CAREPLUG_OK);
    REQUIRE(wait_for_inbox(*two.second, 0));

    Outcome published = two.second->submit(taken.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(published.status >= 100);
    CHECK(contains(published.text, "kept as your draft"));
    careplug_patient_close(taken.patient);
    // An ordinary draft now, which can be published.
    const Opened left = open(*two.second, key, "continue");
    CHECK(contains(TestHost::call(careplug_panel_response, left.panel).text, "Lung cancer"));
    published = two.second->submit(left.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    CHECK(published.status == CAREPLUG_OK);
}
