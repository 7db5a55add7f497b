// Submissions and the states of a plan, over real engines and the real exchange.
#include <algorithm>
#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

json dated(const std::string& link_id, const std::string& date) {
    return {{"linkId", link_id}, {"answer", json::array({{{"valueDate", date}}})}};
}

std::unique_ptr<TestHost> nurse_at(Scene& scene) {
    return std::make_unique<TestHost>(scene.exchange, scene.folder / "nurse", "gp",
                                      SignedIn{"district_nurse", false, "dn", "Nurse D. Hill"});
}

std::vector<std::string> actions_of(careplug_handle patient) {
    std::vector<std::string> ids;
    const Outcome outcome = TestHost::call(careplug_actions, patient);
    INFO(outcome.problem);
    REQUIRE(outcome.status == CAREPLUG_OK);
    const json answer = outcome.json();
    for (const auto& each : answer.at("actions")) ids.push_back(each.at("id"));
    return ids;
}

bool holds(const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Opens the small form of this action, answers it and submits it.
void submit_change(TestHost& nurse, const careplug_patient_key& key, const std::string& action,
                   const std::string& diagnosis) {
    const Opened opened = open(nurse, key, action);
    REQUIRE(TestHost::update(opened.panel, json::array({worded("dx.primary", diagnosis)})).status ==
            CAREPLUG_OK);
    const Outcome submitted = nurse.submit(opened.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(submitted.problem << submitted.text);
    REQUIRE(submitted.status == CAREPLUG_OK);
    careplug_patient_close(opened.patient);
}

bool wait_for_flag(TestHost& host, const careplug_patient_key& key, const std::string& id,
                   bool there = true) {
    return host.pump_until([&] { return has_flag(host, key, id) == there; });
}

}  // namespace

TEST_CASE(
    "H7: a nurse submits what she can answer, a doctor completes and approves it, a third host follows") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto nurse = nurse_at(scene);
    const auto key = patient_key(mary, "1944-06-19");
    for (auto* host : {gp.get(), ae.get(), nurse.get()}) {
        host->watch({key});
        REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    }
    submit_change(*nurse, key, "create", "Lung cancer");
    REQUIRE(wait_for_flag(*gp, key, "awaiting-approval"));
    CHECK(wait_for_flag(*nurse, key, "awaiting-approval"));
    CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    CHECK(ae->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN);
    CHECK_FALSE(has_flag(*ae, key, "awaiting-approval"));

    careplug_handle hers = 0;
    REQUIRE(nurse->open_patient(key, "Test, Patient", hers).status < 100);
    const auto offered = actions_of(hers);
    CHECK(holds(offered, "withdraw"));
    CHECK_FALSE(holds(offered, "approve"));
    careplug_handle refused = 0;
    CHECK(nurse->open_panel(hers, "approve", refused).status == CAREPLUG_REFUSED_ROLE);

    const Opened approving = open(*gp, key, "approve");
    const auto view = TestHost::view(approving.panel).json();
    CHECK(contains(view.at("submission").at("author"), "Nurse D. Hill"));
    CHECK(contains(view.at("submission").at("changed").dump(), "Lung cancer"));
    CHECK(view.at("may").at("publish") == true);
    CHECK(view.at("may").at("submit") == false);
    CHECK(gp->submit(approving.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_INVALID);
    json answers = core_answers();
    answers.erase(std::remove_if(answers.begin(), answers.end(),
                                 [](const json& each) { return each.at("linkId") == "dx.primary"; }),
                  answers.end());
    const Outcome updated = TestHost::update(approving.panel, answers);
    INFO(updated.problem);
    REQUIRE(updated.status == CAREPLUG_OK);
    const Outcome published = gp->submit(approving.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    careplug_patient_close(approving.patient);

    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "dnacpr"));
    CHECK(wait_for_flag(*gp, key, "awaiting-approval", false));
    CHECK(wait_for_flag(*nurse, key, "awaiting-approval", false));
    const Opened reading = open(*ae, key, "read");
    const auto read = TestHost::view(reading.panel).json();
    CHECK(contains(read.at("author"), "Nurse D. Hill"));
    CHECK(contains(read.at("approver"), "Dr A. Patel"));
}

TEST_CASE("H7: what is sent back is changed, submitted again and merged with what was published meanwhile") {
    Scene scene;
    const auto gp = scene.gp();
    const auto nurse = nurse_at(scene);
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    nurse->watch({key});
    REQUIRE(wait_for_knowledge(*nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    submit_change(*nurse, key, "edit", "Lung cancer");
    REQUIRE(wait_for_flag(*gp, key, "awaiting-approval"));
    CHECK(gp->flags(key).revision == 1);
    const Outcome back = carry_out(*gp, key, "send-back", CAREPLUG_INTENT_SEND_BACK,
                                   json::array({worded("state.reason", "Say which stage.")}));
    INFO(back.problem << back.text);
    REQUIRE(back.status == CAREPLUG_OK);
    REQUIRE(wait_for_flag(*nurse, key, "awaiting-approval", false));

    const Opened revising = open(*nurse, key, "revise");
    const auto view = TestHost::view(revising.panel).json();
    CHECK(view.at("submission").at("sent_back").at("reason") == "Say which stage.");
    REQUIRE(TestHost::update(revising.panel, json::array({worded("dx.primary", "Lung cancer, stage 4")}))
                .status == CAREPLUG_OK);
    REQUIRE(nurse->submit(revising.panel, CAREPLUG_INTENT_SUBMIT).status == CAREPLUG_OK);
    careplug_patient_close(revising.patient);

    // Meanwhile the doctor publishes another part.
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel,
                             json::array({coded("cpr.decision", "450475007", "http://snomed.info/sct",
                                                "For attempted cardiopulmonary resuscitation")}))
                .status == CAREPLUG_OK);
    REQUIRE(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    careplug_patient_close(editing.patient);

    REQUIRE(wait_for_flag(*gp, key, "awaiting-approval"));
    const Opened approving = open(*gp, key, "approve");
    const auto merged = TestHost::view(approving.panel).json();
    CHECK(merged.at("merged").at(0).at("unit") == "cpr");
    const Outcome published = gp->submit(approving.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 3);
    const auto response = TestHost::call(careplug_panel_response, approving.panel).text;
    CHECK(contains(response, "stage 4"));
    CHECK(contains(response, "450475007"));
}

TEST_CASE("H7: a submission that its author withdraws asks nobody any more") {
    Scene scene;
    const auto gp = scene.gp();
    const auto nurse = nurse_at(scene);
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    nurse->watch({key});
    REQUIRE(wait_for_knowledge(*nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    submit_change(*nurse, key, "edit", "Lung cancer");
    REQUIRE(wait_for_flag(*gp, key, "awaiting-approval"));
    REQUIRE(wait_for_flag(*nurse, key, "awaiting-approval"));
    const Opened approving = open(*gp, key, "approve");
    REQUIRE(TestHost::update(approving.panel, json::array({worded("dx.primary", "Lung cancer, stage 4")}))
                .status == CAREPLUG_OK);
    CHECK(carry_out(*nurse, key, "withdraw", CAREPLUG_INTENT_WITHDRAW,
                    json::array({worded("state.reason", "Wrong person")}))
              .status == CAREPLUG_OK);
    CHECK(wait_for_flag(*gp, key, "awaiting-approval", false));
    const Outcome late = gp->submit(approving.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(late.status >= CAREPLUG_REFUSED);
    CHECK(contains(late.text, "NOT shared"));
    CHECK(gp->flags(key).revision == 1);
}

TEST_CASE(
    "H8: consent withdrawn: suspended everywhere, without content, and nothing of it stays on a computer") {
    Scene scene;
    const auto gp = scene.gp();
    auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, key, "read");
    const auto offered = actions_of(reading.patient);
    CHECK_FALSE(holds(offered, "suspend"));
    CHECK(holds(offered, "close"));
    careplug_handle refused = 0;
    CHECK(ae->open_panel(reading.patient, "suspend", refused).status == CAREPLUG_REFUSED_ROLE);

    const Outcome suspended = carry_out(*gp, key, "suspend", CAREPLUG_INTENT_SUSPEND,
                                        json::array({dated("state.since", "2026-01-05")}));
    INFO(suspended.problem << suspended.text);
    REQUIRE(suspended.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    CHECK(ae->flag_ids(ae->flags(key)) == std::vector<std::string>{"suspended"});
    const auto view =
        wait_for_view(*ae, reading.panel, [](const json& one) { return !one.contains("summary"); });
    CHECK(contains(view.at("warnings").dump(), "consent to share it was withdrawn"));
    CHECK_FALSE(contains(view.dump(), "Not for attempted"));
    CHECK(TestHost::call(careplug_panel_response, reading.panel).status == CAREPLUG_REFUSED);
    CHECK(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_SUSPENDED));

    // Started again without a line: what was kept says that it is suspended, and nothing more.
    ae->close();
    scene.exchange.stop();
    ae->open();
    ae->watch({key});
    REQUIRE(ae->pump_until([&] { return ae->flags(key).last_knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED; }));
    CHECK_FALSE(has_flag(*ae, key, "dnacpr"));
    scene.exchange.start();

    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    const Outcome reopened = carry_out(*gp, key, "reopen", CAREPLUG_INTENT_REOPEN,
                                       json::array({dated("state.since", "2026-01-06")}));
    INFO(reopened.problem << reopened.text);
    REQUIRE(reopened.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "dnacpr"));
}

TEST_CASE("H8: who hears first that consent was withdrawn removes everybody's copy on that computer") {
    Scene scene;
    const auto desk = scene.gp();
    const auto nurse = nurse_at(scene);
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*desk, key);
    // Signed in anew, what it shows was asked for and is kept.
    desk->close();
    desk->open();
    desk->watch({key});
    REQUIRE(wait_for_knowledge(*desk, key, CAREPLUG_KNOWLEDGE_PLAN));
    desk->close();
    nurse->watch({key});
    REQUIRE(wait_for_knowledge(*nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(carry_out(*nurse, key, "suspend", CAREPLUG_INTENT_SUSPEND,
                      json::array({dated("state.since", "2026-01-05")}))
                .status == CAREPLUG_OK);
    // Somebody else of another role signs in at the desk, then the GP again, without a line.
    desk->assertion = [&](json claims) {
        claims["sub"] = "hill";
        claims["role"] = "district_nurse";
        return desk->signer().sign(claims);
    };
    desk->open();
    desk->watch({key});
    REQUIRE(wait_for_knowledge(*desk, key, CAREPLUG_KNOWLEDGE_SUSPENDED));
    desk->close();
    scene.exchange.stop();
    desk->assertion = {};
    desk->open();
    desk->watch({key});
    REQUIRE(desk->pump_until([&] { return desk->flags(key).reason == CAREPLUG_REASON_UNREACHABLE; }));
    CHECK_FALSE(has_flag(*desk, key, "dnacpr"));
    CHECK(desk->flags(key).last_knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
}

TEST_CASE("H13: closed after death by who was there: flags say closed, nothing is added, reopening works") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto ooh = scene.ooh();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    for (auto* host : {ae.get(), ooh.get()}) {
        host->watch({key});
        REQUIRE(wait_for_knowledge(*host, key, CAREPLUG_KNOWLEDGE_PLAN));
    }
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dx.primary", "Dementia")})).status ==
            CAREPLUG_OK);
    CHECK(carry_out(*ooh, key, "close", CAREPLUG_INTENT_CLOSE,
                    json::array({dated("state.since", "2999-01-01")}))
              .status == CAREPLUG_REFUSED_INVALID);
    const Outcome closed = carry_out(*ooh, key, "close", CAREPLUG_INTENT_CLOSE,
                                     json::array({dated("state.since", "2026-01-05")}));
    INFO(closed.problem << closed.text);
    REQUIRE(closed.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_CLOSED));
    CHECK(ae->flag_ids(ae->flags(key)) == std::vector<std::string>{"closed"});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_CLOSED));
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED);
    careplug_patient_close(editing.patient);
    const Outcome reopened = carry_out(*gp, key, "reopen", CAREPLUG_INTENT_REOPEN,
                                       json::array({dated("state.since", "2026-01-06")}));
    INFO(reopened.problem << reopened.text);
    REQUIRE(reopened.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
}

TEST_CASE("H8: a plan entered in error is removed where it was shown, and the right one can be made") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Outcome removed = carry_out(*gp, key, "remove", CAREPLUG_INTENT_ENTERED_IN_ERROR,
                                      json::array({worded("state.reason", "Another person's plan")}));
    INFO(removed.problem << removed.text);
    REQUIRE(removed.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_REMOVED));
    CHECK(ae->flag_ids(ae->flags(key)) == std::vector<std::string>{"removed"});
    const auto ooh = scene.ooh();
    ooh->watch({key});
    CHECK(wait_for_knowledge(*ooh, key, CAREPLUG_KNOWLEDGE_NO_PLAN));

    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_REMOVED));
    const Opened creating = open(*gp, key, "create");
    REQUIRE(TestHost::update(creating.panel, core_answers("450475007")).status == CAREPLUG_OK);
    const Outcome published = gp->submit(creating.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "for-cpr"));
}
