// The form of a computer's store: one of an earlier release is taken over, one of a later release is left as
// it is. And what of it goes with time.
#include <careplug/plan/audit.h>
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "scene.h"
#include "store/audit_log.h"
#include "store/store.h"

using namespace careplug::test;
using nlohmann::json;
namespace engine = careplug::engine;
namespace plan = careplug::plan;

namespace {

const auto key_of_mary = patient_key(mary, "1944-06-19");

std::string store_of(const TestHost& host) {
    return (host.folder() / "store").string();
}

int form_of(const TestHost& host, const std::string& set = {}) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((store_of(host) + "/careplug.db").c_str(), &database) == SQLITE_OK);
    if (!set.empty())
        REQUIRE(sqlite3_exec(database, ("PRAGMA user_version=" + set).c_str(), nullptr, nullptr, nullptr) ==
                SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(database, "PRAGMA user_version", -1, &statement, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const int form = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return form;
}

void begin_draft(TestHost& host) {
    publish_plan(host, key_of_mary);
    const Opened editing = open(host, key_of_mary, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dx.primary", "Lung cancer")})).status ==
            CAREPLUG_OK);
    host.close();
}

bool draft_is_there(TestHost& host) {
    host.watch({key_of_mary});
    REQUIRE(wait_for_knowledge(host, key_of_mary, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened editing = open(host, key_of_mary, "continue");
    return contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer");
}

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

TEST_CASE("H4: a store that an earlier release wrote is taken over, with the draft in it") {
    Scene scene;
    const auto gp = scene.gp();
    begin_draft(*gp);
    // The tables of this form lay under no number before forms were counted.
    REQUIRE(form_of(*gp, "0") == 0);
    gp->open();
    CHECK(form_of(*gp) == 1);
    CHECK(draft_is_there(*gp));
}

TEST_CASE("H4: a store that a later release wrote is not opened, not changed, and it is said what to do") {
    Scene scene;
    const auto gp = scene.gp();
    begin_draft(*gp);
    REQUIRE(form_of(*gp, "2") == 2);
    std::string said;
    try {
        gp->open();
    } catch (const std::exception& refused) {
        said = refused.what();
    }
    CHECK(contains(said, "later release"));
    CHECK(contains(said, store_of(*gp)));
    CHECK(form_of(*gp) == 2);
    gp->close();
    form_of(*gp, "1");
    gp->open();
    CHECK(draft_is_there(*gp));
}

TEST_CASE("H12: what a computer last knew, and what it told of the audit, goes with time; what waits stays") {
    Scene scene;
    const auto gp = scene.gp();
    begin_draft(*gp);
    const json settings = json::parse(std::ifstream(gp->folder() / "settings.json"));
    const engine::Sealer sealer(settings.at("key").get<std::string>());
    const std::int64_t month = std::int64_t{31} * 24 * 3600 * 1000;
    const engine::Place old_plan{engine::Drawer::last_known, "gp-gp\nY90001\ngp", john, "plan"};
    const engine::Place new_plan{engine::Drawer::last_known, "gp-gp\nY90001\ngp", "9990000026", "plan"};
    const engine::Place old_draft{engine::Drawer::draft, "gp-gp\npatel", john, "plan"};
    {
        engine::Store store(store_of(*gp), sealer);
        store.put(old_plan, "{}", now_ms() - month);
        store.put(new_plan, "{}", now_ms());
        store.put(old_draft, "{}", now_ms() - month);
        engine::AuditLog log(store_of(*gp), sealer);
        for (const auto& row : log.not_sent(1000)) log.confirm(row.sequence);
        // Of somebody of another host, so that nobody here can send it.
        plan::AuditRecord waits;
        waits.id = "11111111-1111-4111-8111-111111111111";
        waits.kind = plan::audit_kind::read;
        waits.when = "2026-10-01T10:00:00Z";
        waits.actor.issuer = "another host";
        waits.actor.subject = "somebody";
        log.append(plan::fhir::write_audit_event(waits).dump(), now_ms() - month);
    }
    const auto rows = [&] {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((store_of(*gp) + "/careplug.db").c_str(), &database) == SQLITE_OK);
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(database, "SELECT count(*), min(at) FROM audit_log", -1, &statement,
                                   nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
        const std::pair found{sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1)};
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return found;
    };
    const auto aged = [&](const std::string& sql) {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((store_of(*gp) + "/careplug.db").c_str(), &database) == SQLITE_OK);
        REQUIRE(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
    };
    const auto before = rows();
    REQUIRE(before.first > 1);
    // All but the last were confirmed, a month ago.
    aged("UPDATE audit_log SET at = at - " + std::to_string(month) + " WHERE sent = 1");
    scene.exchange.stop();
    // An engine looks at once when it starts, and every hour; without a line nothing more is confirmed.
    gp->open();
    engine::Store store(store_of(*gp), sealer);
    CHECK_FALSE(store.get(old_plan).has_value());
    CHECK(store.get(new_plan).has_value());
    CHECK(store.get(old_draft).has_value());
    engine::AuditLog log(store_of(*gp), sealer);
    CHECK(log.broken().empty());
    CHECK(rows().first < before.first);
    const auto waiting = log.not_sent(1000);
    REQUIRE_FALSE(waiting.empty());
    CHECK(contains(waiting.front().body, "another host"));
}
