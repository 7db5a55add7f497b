// What becomes of a change: it is shared once, or its author is told that it was not.
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "front.h"
#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

TEST_CASE("H4: a change that the exchange refuses for ever ends, its author is told, and the work is kept") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const auto posts = std::make_shared<std::atomic<int>>(0);
    front.change([posts](const std::string& request, FrontAnswer& answer) {
        if (request != "POST " && request != "POST /") return;
        ++*posts;
        answer = {422, R"({"resourceType": "OperationOutcome", "issue": [{"diagnostics": "Never."}]})"};
    });
    const Outcome refused = gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(refused.status == CAREPLUG_REFUSED_INVALID);
    CHECK(contains(refused.text, "NOT shared"));
    CHECK(*posts == 1);
    front.change({});
    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*gp, key, "not-sent"));
    const Opened again = open(*gp, key, "continue");
    CHECK(contains(TestHost::view(again.panel).json().at("warnings").dump(), "not accepted"));
    CHECK(contains(TestHost::call(careplug_panel_response, again.panel).text, "Lung cancer"));
}

TEST_CASE(
    "H4: an engine killed after the exchange saved, before it heard so, says published and not refused") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const pid_t engine = engines().at(0);
    front.change([engine](const std::string& request, FrontAnswer&) {
        if (request == "POST " || request == "POST /") ::kill(engine, SIGKILL);
    });
    careplug_handle operation = 0;
    REQUIRE(careplug_panel_submit(editing.panel, CAREPLUG_INTENT_PUBLISH, &operation, nullptr) < 100);
    REQUIRE(gp->pump_until([&] { return engines() != std::vector<pid_t>{engine}; }));
    front.change({});
    REQUIRE(gp->pump_until(
        [&] { return gp->flags(key).revision == 2 && gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; }));
    CHECK(gp->pump_until([&] { return !has_flag(*gp, key, "not-sent"); }));
    careplug_operation_record record{};
    record.size = sizeof record;
    CHECK(gp->pump_until([&] {
        careplug_operation(operation, &record);
        return record.state == CAREPLUG_OPERATION_DONE;
    }));
    CHECK(record.status == CAREPLUG_OK);
    CHECK(record.revision == 2);
    // It is not the author's draft again: it was published.
    CHECK_FALSE(contains(TestHost::call(careplug_actions, editing.patient).text, "\"continue\""));
    careplug_release(operation);
}

TEST_CASE("H4: a change whose answer was lost is asked for before it is sent again") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const auto posts = std::make_shared<std::atomic<int>>(0);
    front.change([posts](const std::string& request, FrontAnswer& answer) {
        if ((request == "POST " || request == "POST /") && ++*posts == 1) answer = {503, ""};
    });
    const Outcome published = gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    CHECK(published.status == CAREPLUG_OK);
    CHECK(*posts == 1);
    CHECK(gp->pump_until([&] { return gp->flags(key).revision == 2; }));
}

TEST_CASE("H4: on a full disk an update is refused, says so, and what was saved before stays") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    const std::string kept = TestHost::view(editing.panel).json().at("draft").at("kept");
    const pid_t engine = engines().at(0);
    rlimit before{};
    const rlimit full{4096, RLIM_INFINITY};
    REQUIRE(::prlimit(engine, RLIMIT_FSIZE, &full, &before) == 0);
    const Outcome refused = TestHost::update(editing.panel, words("dx.primary", "Dementia"));
    CHECK(refused.status == CAREPLUG_REFUSED_STORAGE);
    CHECK(contains(refused.problem, "Nothing was saved"));
    CHECK(careplug_patient_may_close(editing.patient, nullptr) == CAREPLUG_REFUSED_STAY);
    CHECK(TestHost::view(editing.panel).json().at("draft").at("kept") == kept);
    // Not half: a submission that says it is not saved is not sent later.
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_STORAGE);
    // A decision can be read all the same.
    careplug_handle panel = 0;
    CHECK(gp->open_panel(editing.patient, "read", panel).status == CAREPLUG_OK);
    REQUIRE(::prlimit(engine, RLIMIT_FSIZE, &before, nullptr) == 0);
    CHECK(gp->flags(key).revision == 1);
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer"));
    CHECK(TestHost::update(editing.panel, words("dx.primary", "Dementia")).status == CAREPLUG_OK);
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}
