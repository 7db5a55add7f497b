// What was refused or overtaken: it holds nobody else's change, it says so in words, and its author ends it.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "front.h"
#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const auto key = patient_key(mary, "1944-06-19");
const auto johns = patient_key(john, "1950-01-01");

json not_shared(TestHost& host) {
    return TestHost::call(careplug_session_state, host.session()).json().at("not_shared");
}

bool wait_for_not_shared(TestHost& host, std::size_t count) {
    return host.pump_until([&] { return not_shared(host).size() == count; }, std::chrono::seconds(40));
}

bool offers(careplug_handle patient, const std::string& id) {
    const json list = TestHost::call(careplug_actions, patient).json().at("actions");
    return std::any_of(list.begin(), list.end(), [&](const json& action) { return action.at("id") == id; });
}

void write(careplug_handle panel, const json& items) {
    const Outcome written = TestHost::update(panel, items);
    INFO(written.problem);
    REQUIRE(written.status == CAREPLUG_OK);
}

// Sent, without waiting for what becomes of it.
careplug_handle send(careplug_handle panel, std::int32_t intent) {
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_panel_submit(panel, intent, &operation, &problem) < 100);
    return operation;
}

careplug_handle another_panel(TestHost& host, careplug_handle patient, const std::string& action) {
    careplug_handle panel = 0;
    const Outcome opened = host.open_panel(patient, action, panel);
    INFO(opened.problem);
    REQUIRE(opened.status == CAREPLUG_OK);
    return panel;
}

Opened reopen(TestHost& host, const careplug_patient_key& of, const std::string& action) {
    Opened opened;
    REQUIRE(host.open_patient(of, "Test, Patient", opened.patient).status < 100);
    REQUIRE(host.pump_until([&] { return offers(opened.patient, action); }, std::chrono::seconds(40)));
    opened.panel = another_panel(host, opened.patient, action);
    wait_for_view(host, opened.panel, [](const json& view) { return view.at("plan") != "loading"; });
    return opened;
}

careplug_status resolve(careplug_handle panel, const std::string& unit, std::int32_t keep) {
    careplug_handle result = 0;
    const auto status = careplug_panel_resolve(panel, unit.data(), unit.size(), keep, &result, nullptr);
    careplug_release(result);
    return status;
}

FrontAnswer never() {
    return {422, R"({"resourceType": "OperationOutcome", "issue": [{"diagnostics": "Never."}]})"};
}

}  // namespace

TEST_CASE(
    "H4: a change that comes back beside a newer draft holds nothing, and its author brings both together") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    publish_plan(*gp, johns);
    publish_plan(*gp, key);
    gp->watch({key, johns});
    other->watch({key});
    REQUIRE(wait_for_knowledge(*other, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(wait_for_knowledge(*gp, johns, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened earlier = open(*gp, key, "edit");
    const careplug_handle newer = another_panel(*gp, earlier.patient, "edit");
    const Opened of_john = open(*gp, johns, "edit");
    const Opened theirs = open(*other, key, "edit");
    write(theirs.panel, words("dx.primary", "Dementia"));
    REQUIRE(other->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);

    scene.exchange.stop();
    write(earlier.panel, words("dx.primary", "Lung cancer"));
    const careplug_handle overtaken = send(earlier.panel, CAREPLUG_INTENT_PUBLISH);
    write(newer, words("dx.understanding", "Knows it cannot be cured"));
    write(of_john.panel, words("dx.primary", "Heart failure"));
    const careplug_handle johns_change = send(of_john.panel, CAREPLUG_INTENT_PUBLISH);
    scene.exchange.start();

    REQUIRE(gp->pump_until([&] { return gp->flags(johns).revision == 2; }, std::chrono::seconds(40)));
    careplug_operation_record record{};
    record.size = sizeof record;
    REQUIRE(gp->pump_until([&] {
        careplug_operation(overtaken, &record);
        return record.state == CAREPLUG_OPERATION_DONE;
    }));
    CHECK(record.status == CAREPLUG_REFUSED_CONFLICT);
    REQUIRE(wait_for_not_shared(*gp, 1));
    const json told = not_shared(*gp).at(0);
    CHECK(told.at("nhs_number") == mary);
    CHECK(told.at("what") == "change");
    CHECK(told.at("action") == "came-back");
    CHECK(contains(told.at("sentence"), "NOT shared"));
    CHECK_FALSE(contains(told.dump(), "cancer"));
    CHECK(has_flag(*gp, key, "not-sent"));
    careplug_release(overtaken);
    careplug_release(johns_change);

    // Also after the engine was started again.
    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(wait_for_not_shared(*gp, 1));
    const Opened both = reopen(*gp, key, "came-back");
    const std::string response = TestHost::call(careplug_panel_response, both.panel).text;
    CHECK(contains(response, "Lung cancer"));
    CHECK(contains(response, "Knows it cannot be cured"));
    const json view = TestHost::view(both.panel).json();
    CHECK(contains(view.at("warnings").dump(), "NOT shared"));
    CHECK_FALSE(offers(both.patient, "came-back"));

    // It goes the way of every draft: over what somebody published meanwhile, its author decides.
    Outcome published = gp->submit(both.panel, CAREPLUG_INTENT_PUBLISH);
    REQUIRE(published.status == CAREPLUG_REFUSED_CONFLICT);
    const json undecided = TestHost::view(both.panel).json().at("conflicts");
    for (const auto& conflict : undecided)
        REQUIRE(resolve(both.panel, conflict.at("unit"), CAREPLUG_KEEP_MINE) == CAREPLUG_OK);
    published = gp->submit(both.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(not_shared(*gp).empty());
    CHECK(gp->pump_until([&] { return !has_flag(*gp, key, "not-sent"); }));
}

TEST_CASE("H4: what a change that came back and a newer draft say differently is decided by their author") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const Opened earlier = open(*gp, key, "edit");
    const careplug_handle newer = another_panel(*gp, earlier.patient, "edit");
    const auto line = std::make_shared<std::atomic<bool>>(false);
    front.instead([line](const std::string& request, const std::string&) -> std::optional<FrontAnswer> {
        if (request != "POST " && request != "POST /") return std::nullopt;
        return *line ? never() : FrontAnswer{503, ""};
    });
    write(earlier.panel, words("dx.primary", "Lung cancer"));
    careplug_release(send(earlier.panel, CAREPLUG_INTENT_PUBLISH));
    write(newer, words("dx.primary", "Dementia"));
    *line = true;
    REQUIRE(wait_for_not_shared(*gp, 1));
    CHECK(contains(gp->wait_for(CAREPLUG_EVENT_OPERATION).body, "NOT shared"));
    front.instead({});
    careplug_patient_close(earlier.patient);

    const Opened both = reopen(*gp, key, "came-back");
    const json conflicts = TestHost::view(both.panel).json().at("conflicts");
    REQUIRE(conflicts.size() == 1);
    CHECK(contains(conflicts.at(0).at("mine").dump(), "Dementia"));
    CHECK(contains(conflicts.at(0).at("theirs").dump(), "Lung cancer"));
    CHECK(contains(conflicts.at(0).at("theirs_author"), "You"));
    CHECK(conflicts.at(0).at("theirs_unpublished") == true);
    // Until it is decided both stay as they are.
    CHECK(offers(both.patient, "came-back"));
    REQUIRE(resolve(both.panel, conflicts.at(0).at("unit"), CAREPLUG_KEEP_THEIRS) == CAREPLUG_OK);
    CHECK_FALSE(offers(both.patient, "came-back"));
    const Outcome published = gp->submit(both.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(contains(TestHost::call(careplug_panel_response, both.panel).text, "Lung cancer"));
    CHECK(not_shared(*gp).empty());
}

TEST_CASE("H4: a change that the exchange fails to take holds the later ones of its patient and no other's") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    publish_plan(*gp, johns);
    publish_plan(*gp, key);
    gp->watch({key, johns});
    REQUIRE(wait_for_knowledge(*gp, johns, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened of_mary = open(*gp, key, "edit");
    const Opened of_john = open(*gp, johns, "edit");
    front.instead([](const std::string& request, const std::string& body) -> std::optional<FrontAnswer> {
        if ((request == "POST " || request == "POST /") && contains(body, "Lung cancer"))
            return FrontAnswer{500, ""};
        return std::nullopt;
    });
    write(of_mary.panel, words("dx.primary", "Lung cancer"));
    careplug_release(send(of_mary.panel, CAREPLUG_INTENT_PUBLISH));
    write(of_john.panel, words("dx.primary", "Heart failure"));
    careplug_release(send(of_john.panel, CAREPLUG_INTENT_PUBLISH));
    CHECK(gp->pump_until([&] { return gp->flags(johns).revision == 2; }, std::chrono::seconds(40)));
    CHECK(has_flag(*gp, key, "not-sent"));
    front.instead({});
    CHECK(gp->pump_until([&] { return gp->flags(key).revision == 2; }, std::chrono::seconds(40)));
}

TEST_CASE(
    "H4: of two notes the one that came back is kept beside the newer one, and each is added or let go") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    publish_plan(*gp, key);
    const Opened earlier = open(*gp, key, "note");
    const auto line = std::make_shared<std::atomic<bool>>(false);
    front.instead([line](const std::string& request, const std::string& body) -> std::optional<FrontAnswer> {
        if ((request != "POST " && request != "POST /") || !contains(body, "The first note")) return {};
        return *line ? never() : FrontAnswer{503, ""};
    });
    write(earlier.panel, words("evt.note.text", "The first note"));
    careplug_release(send(earlier.panel, CAREPLUG_INTENT_NOTE));
    const careplug_handle newer = another_panel(*gp, earlier.patient, "note");
    write(newer, words("evt.note.text", "The second note"));
    *line = true;
    REQUIRE(wait_for_not_shared(*gp, 1));
    CHECK(not_shared(*gp).at(0).at("what") == "note");
    CHECK(contains(gp->wait_for(CAREPLUG_EVENT_OPERATION).body, "NOT shared"));
    front.instead({});
    careplug_patient_close(earlier.patient);

    const Opened first = reopen(*gp, key, "came-back");
    CHECK(contains(TestHost::call(careplug_panel_response, first.panel).text, "The first note"));
    CHECK_FALSE(contains(TestHost::call(careplug_panel_response, first.panel).text, "The second note"));
    REQUIRE(gp->submit(first.panel, CAREPLUG_INTENT_NOTE).status == CAREPLUG_OK);
    careplug_patient_close(first.patient);
    const Opened second = reopen(*gp, key, "came-back");
    CHECK(contains(TestHost::call(careplug_panel_response, second.panel).text, "The second note"));
    REQUIRE(careplug_panel_discard(second.panel, nullptr) == CAREPLUG_OK);
    CHECK(not_shared(*gp).empty());
    CHECK_FALSE(offers(second.patient, "came-back"));
}

TEST_CASE(
    "H4, H8: a change that comes back to a plan that was suspended meanwhile can be looked at and ended") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    publish_plan(*gp, key);
    other->watch({key});
    REQUIRE(wait_for_knowledge(*other, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened editing = open(*gp, key, "edit");
    write(editing.panel, words("dx.primary", "Lung cancer"));
    scene.exchange.stop();
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NOT_KNOWN));
    careplug_release(send(editing.panel, CAREPLUG_INTENT_PUBLISH));
    careplug_patient_close(editing.patient);
    gp->close();
    scene.exchange.start();
    REQUIRE(wait_for_knowledge(*other, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened ending = open(*other, key, "suspend");
    write(ending.panel,
          {{{"linkId", "state.since"}, {"answer", json::array({{{"valueDate", "2026-11-20"}}})}}});
    REQUIRE(other->submit(ending.panel, CAREPLUG_INTENT_SUSPEND).status == CAREPLUG_OK);

    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_not_shared(*gp, 1));
    CHECK(contains(not_shared(*gp).at(0).at("sentence"), "suspended"));
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const Opened again = reopen(*gp, key, "came-back");
    CHECK(contains(TestHost::view(again.panel).json().at("warnings").dump(), "NOT shared"));
    CHECK(gp->submit(again.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED);
    REQUIRE(careplug_panel_discard(again.panel, nullptr) == CAREPLUG_OK);
    CHECK(not_shared(*gp).empty());
    CHECK_FALSE(offers(again.patient, "came-back"));
}
