// Decisions of several sources, and what is filed in the host's own record.
#include <signal.h>

#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/relationship.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "scene.h"

using namespace careplug::test;
namespace plan = careplug::plan;
using nlohmann::json;

namespace {

constexpr const char* snomed = "http://snomed.info/sct";
const auto key = patient_key(mary, "1944-06-19");

json cpr_entry(const std::string& code, const std::string& date) {
    return {{"resource",
             {{"resourceType", "Observation"},
              {"id", "own-" + code},
              {"status", "final"},
              {"code", {{"coding", {{{"system", snomed}, {"code", code}}}}}},
              {"effectiveDateTime", date},
              {"performer", {{{"display", "Dr R. Ecord"}}}}}}};
}

json cpr(const std::string& code, const std::string& display) {
    return json::array({coded("cpr.decision", code, snomed, display)});
}

// A host's record that files what it is asked to, by identifier.
struct FilingRecord {
    explicit FilingRecord(TestHost& host) {
        host.record = [this](const json& request) {
            json bundle = record_bundle(request.at("patient").at("nhs_number"),
                                        request.at("patient").at("birth_date"), "Test", "Patient");
            for (const json& entry : own) bundle["entry"].push_back(entry);
            for (const auto& [identifier, entry] : filed)
                bundle["entry"].push_back(
                    {{"resource",
                      {{"resourceType", "Observation"},
                       {"id", ids.at(identifier)},
                       {"identifier",
                        {{{"system", "urn:x-local:careplug:filed-entry"}, {"value", identifier}}}},
                       {"code", {{"coding", {entry.at("code")}}, {"text", entry.at("text")}}}}}});
            return bundle;
        };
        host.file = [this](const json& request) {
            ++asked;
            json answer{{"entries", json::array()}};
            for (const json& entry : request.at("entries")) {
                const std::string identifier = entry.at("identifier").at("value");
                filed[identifier] = entry;
                if (!ids.contains(identifier)) ids[identifier] = "r" + std::to_string(ids.size() + 1);
                answer["entries"].push_back({{"identifier", identifier}, {"id", ids[identifier]}});
            }
            if (before_answer) before_answer();
            return answer;
        };
    }
    std::string state_of(const std::string& code) const {
        std::string found = "none";
        for (const auto& [identifier, entry] : filed)
            if (entry.at("code").at("code") == code) found = found == "none" ? entry.at("state") : "twice";
        return found;
    }

    json own = json::array();
    std::map<std::string, json> filed;
    std::map<std::string, std::string> ids;
    int asked = 0;
    std::function<void()> before_answer;
};

std::string filing_state(careplug_handle panel) {
    const json view = TestHost::view(panel).json();
    return view.contains("filing") ? view.at("filing").at("state").get<std::string>() : "";
}

// Publishes the plan again, with the other decision.
void decide_for_cpr(TestHost& host) {
    host.watch({key});
    REQUIRE(wait_for_knowledge(host, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened editing = open(host, key, "edit");
    REQUIRE(TestHost::update(editing.panel, cpr("450475007", "For attempted cardiopulmonary resuscitation"))
                .status == CAREPLUG_OK);
    REQUIRE(host.submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
}

const plan::DataSet& contingency_plan() {
    static const plan::DataSet set = [] {
        std::ifstream file(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/contingency-plan.json");
        std::ostringstream text;
        text << file.rdbuf();
        return plan::read_data_set(text.str());
    }();
    return set;
}

// Published by another system, straight at the exchange.
void publish_contingency_plan(Scene& scene, TestHost& gp) {
    const json claims = gp.signer().claims("gp", true, "another");
    plan::Actor author;
    author.subject = claims.at("sub");
    author.issuer = claims.at("iss");
    author.name = claims.at("name");
    author.role = "gp";
    author.senior = true;
    author.organisation = claims.at("organisation");
    author.organisation_name = claims.at("organisation_name");
    plan::Answers answers;
    answers.set("dem.family", std::string("Test"));
    answers.set("dem.given", std::string("Patient"));
    answers.set("dem.dob", plan::Date{"1944-06-19"});
    answers.set("dem.nhs", std::string(mary));
    answers.set("worse.signs", std::string("Breathless at rest"));
    answers.set("worse.step", contingency_plan().find("worse.step")->options.front().coding);
    answers.set("meta.review", plan::Date{"2099-01-01"});
    answers.set("kept.agreed", true);
    const plan::fhir::Revision revision{"00000000-0000-4000-8000-000000000002",
                                        "00000000-0000-4000-8000-000000000001", author,
                                        "2026-11-20T10:00:00Z", answers};
    const plan::fhir::Subject subject{mary, "Test", "Patient", "1944-06-19", "female", "", ""};
    HttpClient client(scene.exchange.url());
    client.always = {{"Authorization", "Bearer " + gp.signer().sign(claims)}};
    plan::AuditRecord opening;
    opening.kind = plan::audit_kind::open;
    opening.when = "2026-11-20T10:00:00Z";
    opening.actor = author;
    opening.patients = {mary};
    opening.basis = plan::basis::registered;
    REQUIRE(client.send("POST", "/AuditEvent", plan::fhir::write_audit_event(opening)).status == 201);
    const auto reply = client.send(
        "POST", "",
        plan::fhir::publish_transaction(contingency_plan(), revision, subject, nullptr, "2026-11-21"));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
}

}  // namespace

TEST_CASE(
    "H3, H6: a person with plans of two kinds has the flags of both; one of them is no 'no plan found'") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    publish_contingency_plan(scene, *gp);
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "first-step"));
    CHECK(has_flag(*ae, key, "cpr-unreadable"));

    // The urgent care plan is another kind: it can still be created.
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(*gp, key, "create");
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    const Outcome published = gp->submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(has_flag(*gp, key, "first-step"));
    REQUIRE(ae->pump_until([&] { return has_flag(*ae, key, "dnacpr"); }));
    CHECK(has_flag(*ae, key, "first-step"));
    CHECK_FALSE(has_flag(*ae, key, "cpr-unreadable"));
    CHECK(ae->flags(key).revision == 1);
}

TEST_CASE("H6: an entry of the record that disagrees is shown, and nothing is filed until it is ended") {
    Scene scene;
    const auto gp = scene.gp();
    FilingRecord record(*gp);
    record.own = json::array({cpr_entry("304252001", "2019-03-01")});
    publish_plan(*gp, key);
    CHECK(record.asked == 0);
    CHECK(has_flag(*gp, key, "cpr-conflict"));
    const Opened reading = open(*gp, key, "read");
    const json view = TestHost::view(reading.panel).json();
    CHECK(contains(view.at("warnings").dump(), "01-Mar-2019, Dr R. Ecord"));
    CHECK(filing_state(reading.panel) == "held");
    CHECK(contains(view.at("filing").at("sentence"), "this record"));
    // The other decision is shown beside it.
    const auto ids = gp->flag_ids(gp->flags(key));
    CHECK(std::find(ids.begin(), ids.end(), "dnacpr") != ids.end());

    record.own = json::array();
    const Opened again = open(*gp, key, "read");
    REQUIRE(gp->pump_until([&] { return filing_state(again.panel) == "filed"; }));
    CHECK(record.asked == 1);
    CHECK(record.state_of("450476008") == "active");
    CHECK_FALSE(has_flag(*gp, key, "cpr-conflict"));
}

TEST_CASE("H6: coded entries are filed once, updated, ended and marked entered in error, never repeated") {
    Scene scene;
    const auto gp = scene.gp();
    FilingRecord record(*gp);
    publish_plan(*gp, key);
    REQUIRE(gp->pump_until([&] { return record.asked == 1; }));
    CHECK(record.filed.size() == 2);
    CHECK(record.state_of("450476008") == "active");
    CHECK(record.state_of("887701000000100") == "active");
    // What was filed from the plan is no evidence against it.
    CHECK_FALSE(has_flag(*gp, key, "cpr-conflict"));

    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, cpr("450475007", "For attempted cardiopulmonary resuscitation"))
                .status == CAREPLUG_OK);
    REQUIRE(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(gp->pump_until([&] { return record.asked == 2; }));
    CHECK(record.state_of("450476008") == "ended");
    CHECK(record.state_of("450475007") == "active");
    CHECK(record.state_of("887701000000100") == "active");
    CHECK(record.filed.size() == 3);
    CHECK_FALSE(has_flag(*gp, key, "cpr-conflict"));
    REQUIRE(gp->pump_until([&] { return filing_state(editing.panel) == "filed"; }));

    const Opened removing = open(*gp, key, "remove");
    REQUIRE(TestHost::update(removing.panel, json::array({worded("state.reason", "Wrong person")})).status ==
            CAREPLUG_OK);
    const Outcome removed = gp->submit(removing.panel, CAREPLUG_INTENT_ENTERED_IN_ERROR);
    INFO(removed.problem << removed.text);
    REQUIRE(removed.status == CAREPLUG_OK);
    REQUIRE(gp->pump_until([&] { return record.asked == 3; }));
    for (const char* code : {"450476008", "450475007", "887701000000100"})
        CHECK(record.state_of(code) == "entered-in-error");
    CHECK(record.filed.size() == 3);
}

TEST_CASE(
    "H4, H6: the engine is killed between the request to file and its answer: each entry is filed once") {
    Scene scene;
    const auto gp = scene.gp();
    FilingRecord record(*gp);
    record.before_answer = [&] {
        if (record.asked > 1) return;
        const auto running = engines();
        REQUIRE(running.size() == 1);
        REQUIRE(::kill(running.front(), SIGKILL) == 0);
    };
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened opened = open(*gp, key, "create");
    REQUIRE(TestHost::update(opened.panel, core_answers()).status == CAREPLUG_OK);
    careplug_handle operation = 0, problem = 0;
    REQUIRE(careplug_panel_submit(opened.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
            CAREPLUG_OK);
    REQUIRE(gp->pump_until([&] { return record.asked == 2; }, std::chrono::seconds(30)));
    CHECK(record.filed.size() == 2);
    CHECK(record.ids.size() == 2);
    const Opened reading = open(*gp, key, "read");
    REQUIRE(gp->pump_until([&] { return filing_state(reading.panel) == "filed"; }));
    CHECK(record.asked == 2);
    careplug_release(operation);
}

TEST_CASE("H6: what was accepted and not filed yet is filed after the engine was started again") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    FilingRecord record(*gp);
    FilingRecord of_another(*other);
    publish_plan(*gp, key);
    REQUIRE(gp->pump_until([&] { return record.asked == 1; }));
    decide_for_cpr(*other);
    REQUIRE(gp->pump_until([&] { return gp->flags(key).revision == 2; }));
    // Accepted on the list; the record is opened after the engine has gone and come.
    REQUIRE(careplug_receipt(gp->session(), &key, CAREPLUG_RECEIPT_ACKNOWLEDGED, nullptr, 0, nullptr) ==
            CAREPLUG_OK);
    gp->close();
    gp->open();
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(record.asked == 1);
    const Opened reading = open(*gp, key, "read");
    REQUIRE(gp->pump_until([&] { return record.asked == 2; }));
    CHECK(record.state_of("450475007") == "active");
    REQUIRE(gp->pump_until([&] { return filing_state(reading.panel) == "filed"; }));
    // Filed once: another start asks nothing.
    gp->close();
    gp->open();
    gp->watch({key});
    open(*gp, key, "read");
    gp->pump_until([] { return false; }, std::chrono::seconds(2));
    CHECK(record.asked == 2);
}

TEST_CASE("H6: what another organisation changed is filed when the practice accepts it in the panel") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    FilingRecord record(*gp);
    publish_plan(*gp, key);
    REQUIRE(gp->pump_until([&] { return record.asked == 1; }));
    other->assertion = [signer = &other->signer()](json claims) {
        claims["organisation"] = "Y90077";
        return signer->sign(claims);
    };
    other->close();
    other->open();
    decide_for_cpr(*other);
    REQUIRE(gp->pump_until(
        [&] {
            return !TestHost::call(careplug_session_state, gp->session())
                        .json()
                        .at("changed_elsewhere")
                        .empty();
        },
        std::chrono::seconds(40)));
    const Opened changes = open(*gp, key, "accept");
    wait_for_view(*gp, changes.panel, [](const json& view) { return view.contains("history"); });
    CHECK(record.asked == 1);
    careplug_handle operation = 0;
    REQUIRE(careplug_panel_submit(changes.panel, CAREPLUG_INTENT_SUBMIT, &operation, nullptr) == CAREPLUG_OK);
    CHECK(gp->pump_until([&] { return record.asked == 2; }));
    CHECK(record.state_of("450475007") == "active");
    careplug_release(operation);
}

TEST_CASE("H6: a change made elsewhere is filed when it was accepted, and not before") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    FilingRecord record(*gp);
    FilingRecord of_another(*other);
    publish_plan(*gp, key);
    REQUIRE(gp->pump_until([&] { return record.asked == 1; }));
    decide_for_cpr(*other);

    REQUIRE(gp->pump_until([&] { return gp->flags(key).revision == 2; }));
    const Opened reading = open(*gp, key, "read");
    REQUIRE(gp->pump_until([&] { return filing_state(reading.panel) == "to-accept"; }));
    CHECK(record.asked == 1);
    careplug_handle problem = 0;
    REQUIRE(careplug_receipt(gp->session(), &key, CAREPLUG_RECEIPT_ACKNOWLEDGED, nullptr, 0, &problem) ==
            CAREPLUG_OK);
    REQUIRE(gp->pump_until([&] { return record.asked == 2; }));
    CHECK(record.state_of("450476008") == "ended");
    CHECK(record.state_of("450475007") == "active");
    REQUIRE(gp->pump_until([&] { return filing_state(reading.panel) == "filed"; }));
}

TEST_CASE(
    "H6: the host's late answer about one revision is not taken for the next one, which is filed as well") {
    Scene scene;
    const auto gp = scene.gp();
    FilingRecord record(*gp);
    careplug_handle operation = 0;
    record.before_answer = [&] {
        if (record.asked > 1) return;
        const Opened editing = open(*gp, key, "edit");
        REQUIRE(
            TestHost::update(editing.panel, cpr("450475007", "For attempted cardiopulmonary resuscitation"))
                .status == CAREPLUG_OK);
        careplug_handle problem = 0;
        REQUIRE(careplug_panel_submit(editing.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) ==
                CAREPLUG_OK);
    };
    publish_plan(*gp, key);
    REQUIRE(gp->pump_until([&] { return record.asked == 2; }));
    CHECK(record.state_of("450476008") == "ended");
    CHECK(record.state_of("450475007") == "active");
    const Opened reading = open(*gp, key, "read");
    CHECK(gp->pump_until([&] { return filing_state(reading.panel) == "filed"; }));
    careplug_release(operation);
}

TEST_CASE("H3, H6: after a save that met another's, the flags of the person's other plans are still there") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("second", "jones");
    publish_contingency_plan(scene, *gp);
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened first = open(*gp, key, "create");
    REQUIRE(TestHost::update(first.panel, core_answers()).status == CAREPLUG_OK);
    REQUIRE(gp->submit(first.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(first.patient) == CAREPLUG_OK);
    const Opened mine = open(*gp, key, "edit");
    REQUIRE(TestHost::update(mine.panel, json::array({worded("dx.primary", "Lung cancer")})).status ==
            CAREPLUG_OK);
    other->watch({key});
    REQUIRE(wait_for_knowledge(*other, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened theirs = open(*other, key, "edit");
    REQUIRE(TestHost::update(theirs.panel, json::array({worded("dx.primary", "Dementia")})).status ==
            CAREPLUG_OK);
    REQUIRE(other->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    const Outcome met = gp->submit(mine.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(met.problem << met.text);
    REQUIRE(met.status == CAREPLUG_REFUSED_CONFLICT);
    // Before the next question to the exchange.
    CHECK(has_flag(*gp, key, "first-step"));
    CHECK(has_flag(*gp, key, "dnacpr"));
}
