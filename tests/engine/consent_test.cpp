// Relationship, break-glass, the audit, and what stays on a computer after consent was withdrawn.
#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/relationship.h>

#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "scene.h"
#include "store/audit_log.h"
#include "store/store.h"
#include "system/times.h"

using namespace careplug::test;
using nlohmann::json;
namespace engine = careplug::engine;
namespace plan = careplug::plan;

namespace {

const auto key_of_mary = patient_key(mary, "1944-06-19");

std::vector<plan::AuditRecord> audit_at(Scene& scene, TestHost& host,
                                        const std::string& search = "_count=200") {
    HttpClient officer(scene.exchange.url());
    officer.always = {{"Authorization", host.signer().bearer("privacy_officer", false, "officer")}};
    const Reply reply = officer.get("/AuditEvent?" + search);
    REQUIRE(reply.status == 200);
    std::vector<plan::AuditRecord> list;
    const json bundle = reply.json();
    for (const auto& entry : bundle.value("entry", json::array()))
        list.push_back(plan::fhir::read_audit_event(entry.at("resource")));
    return list;
}

int count(const std::vector<plan::AuditRecord>& list, const std::string& kind,
          const std::string& subject = {}, const std::string& detail = {}) {
    return static_cast<int>(std::count_if(list.begin(), list.end(), [&](const auto& one) {
        return one.kind == kind && (subject.empty() || one.actor.subject == subject) &&
               (detail.empty() || one.detail == detail);
    }));
}

std::size_t alerts_at(Scene& scene, TestHost& host) {
    HttpClient officer(scene.exchange.url());
    officer.always = {{"Authorization", host.signer().bearer("privacy_officer", false, "officer")}};
    return officer.get("/Communication").json().value("entry", json::array()).size();
}

bool offered(careplug_handle patient, const std::string& id) {
    return contains(TestHost::call(careplug_actions, patient).text, "\"" + id + "\"");
}

json reason() {
    return json::array({{{"linkId", "emergency.reason"},
                         {"answer", json::array({{{"valueString", "Found unconscious at home"}}})}}});
}

// Every byte of every file of a host's store.
std::string files_of(const std::filesystem::path& store) {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
        if (!entry.is_regular_file()) continue;
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        all += text.str();
    }
    return all;
}

// A piece of a row as it lies in the file.
std::string sealed_body(const std::string& store, const std::string& table, const std::string& name) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((store + "/careplug.db").c_str(), &database) == SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(database,
                               ("SELECT body FROM " + table + " WHERE name = '" + name + "'").c_str(), -1,
                               &statement, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const std::string body(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                           static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return body.substr(0, 64);
}

struct LocalStore {
    explicit LocalStore(const TestHost& host)
        : settings(json::parse(std::ifstream(host.folder() / "settings.json"))),
          sealer(settings.at("key").get<std::string>()),
          store(settings.at("store").get<std::string>(), sealer),
          log(settings.at("store").get<std::string>(), sealer) {}
    std::string folder() const { return settings.at("store").get<std::string>(); }

    json settings;
    engine::Sealer sealer;
    engine::Store store;
    engine::AuditLog log;
};

}  // namespace

TEST_CASE("H9: without a relationship nothing of a plan is read, and the sentence says how to go on") {
    Scene scene;
    const auto gp = scene.gp();
    publish_plan(*gp, key_of_mary);
    const auto ae = scene.ae();
    ae->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*ae, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_handle patient = 0;
    // A department is no practice: the role says what it may claim.
    REQUIRE(ae->open_patient(key_of_mary, "Test, Patient", patient, CAREPLUG_BASIS_REGISTERED).status < 100);
    CHECK_FALSE(offered(patient, "read"));
    CHECK(offered(patient, "break-glass"));
    careplug_handle panel = 0;
    CHECK(ae->open_panel(patient, "note", panel).status == CAREPLUG_REFUSED_ROLE);
    REQUIRE(ae->open_panel(patient, "read", panel).status < 100);
    ae->pump_until([] { return false; }, std::chrono::seconds(2));
    const auto view = TestHost::view(panel);
    CHECK_FALSE(contains(view.text, "Heart failure"));
    CHECK(contains(view.text, "Open in an emergency"));
    CHECK(TestHost::call(careplug_panel_response, panel).status >= CAREPLUG_REFUSED);

    careplug_handle other = 0;
    CHECK(ae->open_patient(key_of_mary, "Test, Patient", other, CAREPLUG_BASIS_SELF_CLAIMED).status ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(alerts_at(scene, *gp) == 0);
    REQUIRE(ae->open_patient(key_of_mary, "Test, Patient", other, CAREPLUG_BASIS_SELF_CLAIMED,
                             "Her daughter is here")
                .status < 100);
    careplug_handle reading = 0;
    REQUIRE(ae->open_panel(other, "read", reading).status < 100);
    wait_for_view(*ae, reading, [](const json& one) { return contains(one.dump(), "Heart failure"); });
    REQUIRE(ae->pump_until([&] { return alerts_at(scene, *gp) == 1; }));
}

TEST_CASE(
    "H8: a suspended plan is opened in an emergency with a reason, to be read, and the officer is told") {
    Scene scene;
    const auto gp = scene.gp();
    publish_plan(*gp, key_of_mary);
    suspend(*gp, key_of_mary);
    const auto ae = scene.ae();
    ae->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*ae, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    careplug_handle patient = 0;
    REQUIRE(ae->open_patient(key_of_mary, "Test, Patient", patient).status < 100);
    REQUIRE(offered(patient, "break-glass"));
    careplug_handle panel = 0;
    REQUIRE(ae->open_panel(patient, "break-glass", panel).status < 100);
    auto view = TestHost::view(panel).json();
    CHECK(view.at("mode") == "state");
    CHECK(view.at("items").at(0).at("choices").size() == 3);
    CHECK_FALSE(contains(view.dump(), "Heart failure"));
    const Outcome without = TestHost::update(
        panel,
        json::array({{{"linkId", "emergency.reason"}, {"answer", json::array({{{"valueString", "   "}}})}}}));
    CHECK(without.status >= CAREPLUG_REFUSED);
    CHECK(alerts_at(scene, *gp) == 0);

    const Outcome opened = TestHost::update(panel, reason());
    INFO(opened.problem);
    REQUIRE(opened.status == CAREPLUG_OK);
    view = wait_for_view(*ae, panel, [](const json& one) { return one.at("plan") == "arrived"; });
    CHECK(view.at("mode") == "read");
    CHECK(contains(view.dump(), "Heart failure"));
    CHECK(contains(view.dump(), "Not for attempted"));
    CHECK(view.contains("emergency"));
    CHECK(alerts_at(scene, *gp) == 1);
    const auto events = audit_at(scene, *gp, "subtype=break-glass");
    REQUIRE(events.size() == 1);
    CHECK(events.front().reason == "Found unconscious at home");
    CHECK(events.front().patients == std::vector<std::string>{mary});
    // To be read, and by no other way.
    CHECK(TestHost::update(panel, reason()).status == CAREPLUG_REFUSED);
    CHECK(TestHost::call(careplug_panel_summary, panel).status == CAREPLUG_REFUSED);
    careplug_handle edit = 0;
    CHECK(ae->open_panel(patient, "edit", edit).status >= CAREPLUG_REFUSED);
    const Opened other = open(*gp, key_of_mary, "read");
    CHECK(TestHost::view(other.panel).json().at("plan") == "withheld");
    // Nothing of it was kept on this computer.
    ae->close();
    LocalStore local(*ae);
    const engine::Place kept{engine::Drawer::last_known, "ae-ae\nY90001\nae_clinician", mary, "revision"};
    CHECK_FALSE(local.store.get(kept).has_value());
    for (const auto& log : {scene.exchange.standard_error()}) CHECK_FALSE(contains(log, mary));
}

TEST_CASE("H9: what is looked at, revealed, edited and published is in the audit of the exchange, once") {
    Scene scene;
    const auto gp = scene.gp();
    publish_plan(*gp, key_of_mary);
    const auto ae = scene.ae();
    ae->watch({key_of_mary, patient_key(john, "1950-01-01")});
    REQUIRE(wait_for_knowledge(*ae, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, key_of_mary, "read");
    wait_for_view(*ae, reading.panel, [](const json& one) { return one.at("plan") == "arrived"; });
    const Opened past = open(*ae, key_of_mary, "history");
    wait_for_view(*ae, past.panel, [](const json& one) { return one.contains("history"); });

    // The line is down: what is looked at meanwhile is told when it is back.
    scene.exchange.stop();
    careplug_receipt(ae->session(), &key_of_mary, CAREPLUG_RECEIPT_ACKNOWLEDGED, nullptr, 0, nullptr);
    scene.exchange.start();
    REQUIRE(
        ae->pump_until([&] { return count(audit_at(scene, *gp), "flag") == 1; }, std::chrono::seconds(40)));
    ae->pump_until([] { return false; }, std::chrono::seconds(2));
    const auto all = audit_at(scene, *gp);
    CHECK(count(all, "flag") == 1);
    CHECK(count(all, "edit") == 1);
    CHECK(count(all, "submit", "", "publish") == 1);
    CHECK(count(all, "read", "", "read") == 1);
    CHECK(count(all, "read", "", "history") == 1);
    // One for each load of a board, with everybody on it.
    int two_people = 0;
    for (const auto& one : all)
        if (one.kind == "board" && one.patients.size() == 2) ++two_people;
    CHECK(two_people == 1);
    for (const auto& one : all) {
        // Written by the exchange itself, of who asks here.
        if (one.kind == "audit") continue;
        INFO(one.kind);
        CHECK_FALSE(one.log.empty());
        CHECK(one.log_sequence > 0);
    }
}

TEST_CASE("H12: a masked answer is shown only when that can be recorded, and the audit says which it was") {
    Scene scene;
    const auto gp = scene.gp();
    publish_plan(*gp, key_of_mary);
    const Opened editing = open(*gp, key_of_mary, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dem.keysafe", "C4417Y")})).status ==
            CAREPLUG_OK);
    REQUIRE(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    careplug_patient_close(editing.patient);
    const Opened reading = open(*gp, key_of_mary, "read");
    wait_for_view(*gp, reading.panel, [](const json& one) {
        return one.at("plan") == "arrived" && one.value("revision", 0) == 2;
    });
    CHECK_FALSE(contains(TestHost::view(reading.panel).text, "C4417Y"));
    careplug_handle result = 0, problem = 0;
    REQUIRE(careplug_panel_reveal(reading.panel, "dem.keysafe", 11, &result, &problem) == CAREPLUG_OK);
    REQUIRE(gp->pump_until([&] { return count(audit_at(scene, *gp), "reveal", "", "dem.keysafe") == 1; }));
    for (const auto& one : audit_at(scene, *gp))
        CHECK_FALSE(contains(plan::fhir::write_audit_event(one).dump(), "\"C4417Y"));
}

TEST_CASE("H8: when consent is withdrawn nothing of the plan stays in the store of a computer") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("other", "jones");
    publish_plan(*gp, key_of_mary);
    other->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*other, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    // Read and kept for when the line is down, and begun to be edited.
    const Opened editing = open(*other, key_of_mary, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("pref.matters", "My garden")})).status ==
            CAREPLUG_OK);
    const std::string audience = "gp-other\nY90001\ngp";
    const std::string author = "gp-other\njones";
    const engine::Place kept{engine::Drawer::last_known, audience, mary, "revision"};
    const engine::Place header{engine::Drawer::last_known, audience, mary, "plan"};
    const engine::Place draft{engine::Drawer::draft, author, mary, "plan"};
    std::string sealed;
    {
        LocalStore local(*other);
        REQUIRE(other->pump_until([&] { return local.store.get(kept).has_value(); }));
        REQUIRE(contains(local.store.get(kept)->body, "Heart failure"));
        REQUIRE(contains(local.store.get(draft)->body, "Heart failure"));
        sealed = sealed_body(local.folder(), "last_known", "revision");
        REQUIRE(contains(files_of(local.folder()), sealed));
    }
    suspend(*gp, key_of_mary);
    REQUIRE(wait_for_knowledge(*other, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    LocalStore local(*other);
    CHECK(other->pump_until([&] { return !local.store.get(kept).has_value(); }));
    const auto after_header = local.store.get(header);
    if (after_header) CHECK_FALSE(contains(after_header->body, "450476008"));
    const auto after = local.store.get(draft);
    REQUIRE(after);
    // The author's own words stay; those of the plan do not, and neither are shown.
    CHECK(contains(after->body, "My garden"));
    CHECK_FALSE(contains(after->body, "Heart failure"));
    CHECK_FALSE(contains(after->body, "450476008"));
    CHECK_FALSE(contains(TestHost::view(editing.panel).text, "My garden"));
    // Also what is typed from now on.
    TestHost::update(editing.panel, json::array({worded("pref.avoid", "Hospital")}));
    CHECK_FALSE(contains(local.store.get(draft)->body, "Heart failure"));
    // No sealed copy is left behind in a page that SQLite has freed, nor in its log.
    CHECK_FALSE(contains(files_of(local.folder()), sealed));
}

TEST_CASE("H8: of two drafts side by side neither keeps anything of a plan whose consent was withdrawn") {
    Scene scene;
    const auto gp = scene.gp();
    const auto other = scene.gp("other", "jones");
    publish_plan(*gp, key_of_mary);
    other->watch({key_of_mary});
    REQUIRE(wait_for_knowledge(*other, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    // One was sent without a line and came back, for somebody had published; the other was begun meanwhile.
    const Opened earlier = open(*other, key_of_mary, "edit");
    careplug_handle newer = 0;
    REQUIRE(other->open_panel(earlier.patient, "edit", newer).status == CAREPLUG_OK);
    const Opened theirs = open(*gp, key_of_mary, "edit");
    REQUIRE(TestHost::update(theirs.panel, words("dx.primary", "Dementia")).status == CAREPLUG_OK);
    REQUIRE(gp->submit(theirs.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(theirs.patient) == CAREPLUG_OK);
    scene.exchange.stop();
    REQUIRE(TestHost::update(earlier.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    careplug_handle operation = 0;
    REQUIRE(careplug_panel_submit(earlier.panel, CAREPLUG_INTENT_PUBLISH, &operation, nullptr) < 100);
    REQUIRE(TestHost::update(newer, words("pref.matters", "My garden")).status == CAREPLUG_OK);
    scene.exchange.start();

    LocalStore local(*other);
    const auto drafts = [&] {
        std::vector<std::string> found;
        for (const char* name : {"plan", "plan-aside-*"})
            for (const auto& kept : local.store.find(engine::Drawer::draft, "gp-other\njones", mary, name))
                found.push_back(kept.body);
        return found;
    };
    REQUIRE(other->pump_until([&] { return drafts().size() == 2; }, std::chrono::seconds(40)));
    for (const auto& draft : drafts()) {
        REQUIRE(contains(draft, "Heart failure"));
        REQUIRE(contains(draft, "450476008"));
    }
    suspend(*gp, key_of_mary);
    REQUIRE(wait_for_knowledge(*other, key_of_mary, CAREPLUG_KNOWLEDGE_SUSPENDED));
    REQUIRE(other->pump_until([&] { return !contains(drafts().front(), "Heart failure"); }));
    const auto after = drafts();
    REQUIRE(after.size() == 2);
    CHECK(contains(after.at(0), "My garden"));
    CHECK(contains(after.at(1), "Lung cancer"));
    for (const auto& draft : after) {
        CHECK_FALSE(contains(draft, "Heart failure"));
        CHECK_FALSE(contains(draft, "450476008"));
    }
    careplug_release(operation);
}

TEST_CASE("H9: a log that was changed is told to who signs in on that computer, and to the exchange, once") {
    Scene scene;
    const auto gp = scene.gp();
    const auto state = [&] {
        return TestHost::call(careplug_session_state, gp->session()).json().at("audit");
    };
    publish_plan(*gp, key_of_mary);
    CHECK(state().at("sound") == true);
    CHECK(state().at("sentence") == "");
    const std::string store = LocalStore(*gp).folder();
    gp->close();
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((store + "/careplug.db").c_str(), &database) == SQLITE_OK);
    REQUIRE(sqlite3_exec(database, "UPDATE audit_log SET chain = 'x' WHERE sequence = 1", nullptr, nullptr,
                         nullptr) == SQLITE_OK);
    sqlite3_close(database);
    gp->open();
    CHECK(state().at("sound") == false);
    CHECK(contains(state().at("sentence"), "entry 1"));
    CHECK(contains(state().at("sentence"), "Tell your privacy officer"));
    const TestHost beside(*gp, TestHost::Beside::same_loader);
    CHECK(gp->pump_until([&] { return count(audit_at(scene, *gp), plan::audit_kind::log_broken) == 1; }));
    CHECK(count(audit_at(scene, *gp), plan::audit_kind::log_broken, "",
                "entry 1 of this computer's audit log was changed") == 1);
    // Plans go on.
    gp->watch({key_of_mary});
    CHECK(wait_for_knowledge(*gp, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
}

// The exchange opens a plan to whom its own token told of: what a colleague tells opens nothing.
TEST_CASE("H9: what somebody just looked at is left to their own program on the same store to tell") {
    Scene scene;
    const auto gp = scene.gp();
    publish_plan(*gp, key_of_mary);
    auto looked = audit_at(scene, *gp, "subtype=open").front();
    looked.actor.subject = "colleague";
    LocalStore local(*gp);
    const auto note = [&](std::int64_t at) {
        looked.id = engine::random_uuid();
        local.log.append(plan::fhir::write_audit_event(looked).dump(), at);
    };
    const std::int64_t now = engine::now_ms();
    note(now);
    note(now - std::int64_t{60} * 60 * 1000);
    note(now);
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key_of_mary, "Test, Patient", patient).status < 100);
    const auto told = [&] { return count(audit_at(scene, *gp), plan::audit_kind::open, "colleague"); };
    REQUIRE(gp->pump_until([&] { return told() == 1; }));
    CHECK(gp->pump_until([&] { return local.log.not_sent(10).size() == 2; }));
    CHECK(told() == 1);
}

TEST_CASE("H9: an entry of a computer's own log that is changed, moved or taken out is found") {
    const TemporaryFolder folder;
    std::ofstream(folder / "key") << std::string(32, 'k');
    std::filesystem::permissions(folder / "key",
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const engine::Sealer sealer((folder / "key").string());
    const std::string store = (folder / "store").string();
    engine::Store made(store, sealer);
    engine::AuditLog log(store, sealer);
    for (int i = 1; i <= 6; ++i) log.append("{\"n\":" + std::to_string(i) + "}", i * 1000);
    REQUIRE(log.broken().empty());
    const auto with = [&](const std::string& sql) {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((store + "/careplug.db").c_str(), &database) == SQLITE_OK);
        REQUIRE(sqlite3_exec(database, ("SAVEPOINT changed; " + sql).c_str(), nullptr, nullptr, nullptr) ==
                SQLITE_OK);
        REQUIRE(sqlite3_exec(database, "RELEASE changed", nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
        return log.broken();
    };
    CHECK(contains(with("UPDATE audit_log SET chain = 'x' WHERE sequence = 3"), "entry 3"));
    engine::AuditLog again(store, sealer);
    CHECK(contains(again.broken(), "entry 3"));

    // From either end, whatever the rest says of itself.
    const auto without = [&](const char* name, const std::string& sql) {
        const std::string other = (folder / name).string();
        engine::Store beside(other, sealer);
        engine::AuditLog cut(other, sealer);
        for (int i = 1; i <= 6; ++i) cut.append("{}", i * 1000);
        REQUIRE(cut.broken().empty());
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((other + "/careplug.db").c_str(), &database) == SQLITE_OK);
        REQUIRE(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
        return engine::AuditLog(other, sealer).broken();
    };
    CHECK_FALSE(without("end", "DELETE FROM audit_log WHERE sequence > 4").empty());
    CHECK_FALSE(without("begin",
                        "UPDATE audit_beginning SET sequence = 2, chain = (SELECT chain FROM audit_log "
                        "WHERE sequence = 2); DELETE FROM audit_log WHERE sequence <= 2")
                    .empty());
    CHECK_FALSE(without("all", "DELETE FROM audit_log; DELETE FROM audit_ends").empty());

    // What was confirmed and is old goes, from the beginning on; what waits stays, and the chain still holds.
    const std::string second = (folder / "second").string();
    engine::Store also(second, sealer);
    engine::AuditLog kept(second, sealer);
    for (int i = 1; i <= 6; ++i) kept.append("{}", i * 1000);
    kept.trim(100000);
    CHECK(kept.not_sent(10).size() == 6);
    for (const int sent : {1, 2, 4}) kept.confirm(sent);
    kept.trim(100000);
    CHECK(kept.broken().empty());
    CHECK(kept.not_sent(10).front().sequence == 3);
    kept.confirm(3);
    kept.trim(4000);
    CHECK(kept.broken().empty());
    for (const int sent : {5, 6}) kept.confirm(sent);
    kept.trim(100000);
    CHECK(kept.not_sent(10).empty());
    kept.append("{}", 7000);
    CHECK(kept.not_sent(10).front().sequence == 7);
    CHECK(kept.broken().empty());
}
