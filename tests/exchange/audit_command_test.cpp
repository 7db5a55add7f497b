// `careplug audit` at a real exchange: what a privacy officer finds, and that a changed log is seen.
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;
namespace fs = std::filesystem;

namespace {

struct Ended {
    int status = 0;
    std::string output;
};

struct Office {
    Office() {
        auto gp = running.stranger();
        for (int n = 1; n <= 5; ++n) {
            plan::AuditRecord record;
            record.id = uuid(9'100'000 + n);
            record.kind = n == 4 ? plan::audit_kind::break_glass : plan::audit_kind::read;
            record.when = "2026-11-2" + std::to_string(n) + "T14:02:11Z";
            record.actor = actor();
            record.actor.subject = n == 5 ? "colleague" : "test";
            record.patients = {nhs_number(n == 3 ? 2 : 1)};
            if (n == 4) {
                record.basis = plan::basis::break_glass;
                record.reason = "Life at risk";
            }
            record.log = "computer";
            record.log_sequence = n < 3 ? n : n + 1;
            REQUIRE(
                gp.send("PUT", "/AuditEvent/" + record.id, plan::fhir::write_audit_event(record)).status ==
                201);
        }
        write("officer", token("privacy_officer"));
        write("gp", token("gp"));
        write("number", nhs_number(1));
    }

    std::string token(const std::string& role) {
        return running.signer.sign(running.signer.claims(role, false, "officer"));
    }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(running.folder / name) << text << "\n";
    }

    Ended audit(std::vector<std::string> more, const std::string& as = "officer") {
        std::string line = std::string(CAREPLUG_BUILD_DIR) + "/bin/careplug audit --exchange " +
                           running.exchange.url() + " --token " + (running.folder / as).string();
        for (const auto& word : more) line += " " + word;
        const auto file = (running.folder / "said").string();
        const int status = std::system((line + " > " + file + " 2>&1").c_str());
        std::ifstream in(file);
        return {WEXITSTATUS(status), {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
    }

    void change(const std::string& sql) {
        running.exchange.stop();
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((running.folder / "exchange" / "exchange.db").c_str(), &database) == SQLITE_OK);
        REQUIRE(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_changes(database) > 0);
        sqlite3_close(database);
        running.exchange.start();
    }

    Running running;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("H9: a privacy officer finds events by patient, person, kind and time, and nobody else finds any") {
    Office office;
    // Each time the officer's own question is there too.
    CHECK(holds(office.audit({}).output, "6 events"));
    const auto number = (office.running.folder / "number").string();
    CHECK(holds(office.audit({"--patient", number}).output, "5 events"));
    CHECK(holds(office.audit({"--patient", "-", "<", number}).output, "6 events"));
    CHECK(holds(office.audit({"--kind", "audit"}).output, "4 events"));
    CHECK(holds(office.audit({"--person", "gp/colleague"}).output, "1 events"));
    CHECK(holds(office.audit({"--kind", "read"}).output, "4 events"));
    CHECK(holds(office.audit({"--kind", "read", "--since", "2026-11-22", "--until", "2026-11-23"}).output,
                "2 events"));
    const auto alerts = office.audit({"--alerts"});
    CHECK(alerts.status == 0);
    CHECK(holds(alerts.output, "Life at risk"));
    CHECK(holds(alerts.output, "1 events"));
    const auto listed = office.audit({"--kind", "read", "--json"});
    CHECK(json::parse(listed.output).size() == 4);

    const auto refused = office.audit({}, "gp");
    CHECK(refused.status == 2);
    CHECK(holds(refused.output, "privacy officer"));
    // A number that stood on the command line could be read by everybody on the computer.
    CHECK(office.audit({nhs_number(1)}).status == 64);
    CHECK(office.audit({"--patient", nhs_number(1)}).status == 64);
    CHECK(office.audit({"--kind", "nothing"}).status == 64);
    CHECK(office.audit({"--person", "nobody"}).status == 64);
}

TEST_CASE("H9: a log that was changed is seen, with the place where it breaks") {
    Office office;
    const auto whole = office.audit({"--verify"});
    INFO(whole.output);
    CHECK(whole.status == 0);
    CHECK(holds(whole.output, "6 events"));
    // A computer's own numbers show what has not arrived.
    CHECK(holds(whole.output, "computer 1 events"));
    const auto verdict = json::parse(office.audit({"--verify", "--json"}).output);
    const std::string head = verdict.at("head");
    CHECK(office.audit({"--expect", head}).status == 0);

    SECTION("an entry says something else") {
        office.change(
            "UPDATE change SET body = replace(body, '2026-11-23', '2026-11-13') "
            "WHERE type = 'AuditEvent' AND id = '" +
            uuid(9'100'003) + "'");
        const auto broken = office.audit({"--verify"});
        CHECK(broken.status == 1);
        CHECK(holds(broken.output, "event 3"));
    }
    SECTION("a computer says that its own log was changed") {
        auto gp = office.running.client();
        plan::AuditRecord record;
        record.id = uuid(9'100'009);
        record.kind = plan::audit_kind::log_broken;
        record.when = "2026-11-29T14:02:11Z";
        record.actor = actor();
        record.actor.subject = "test";
        record.site = "Consulting room 2";
        record.detail = "entry 3 of this computer's audit log was changed";
        record.log = "computer";
        record.log_sequence = 7;
        REQUIRE(gp.send("PUT", "/AuditEvent/" + record.id, plan::fhir::write_audit_event(record)).status ==
                201);
        const auto told = office.audit({"--verify"});
        CHECK(told.status == 0);
        CHECK(holds(told.output, "Consulting room 2"));
        CHECK(holds(told.output, "entry 3"));
        CHECK(holds(told.output, "Take a copy of its store"));
        CHECK(holds(office.audit({"--kind", "log-broken"}).output, "1 events"));
    }
    SECTION("an entry is taken out") {
        office.change("DELETE FROM change WHERE type = 'AuditEvent' AND id = '" + uuid(9'100'002) + "'");
        const auto broken = office.audit({"--verify"});
        CHECK(broken.status == 1);
        CHECK(holds(broken.output, "event 2"));
    }
    SECTION("the last entry is taken out: only who knows the former end sees it") {
        office.change(
            "DELETE FROM change WHERE type = 'AuditEvent' AND number >= (SELECT number FROM change WHERE id "
            "= "
            "'" +
            uuid(9'100'005) + "')");
        CHECK(office.audit({"--verify"}).status == 0);
        CHECK(office.audit({"--expect", head}).status == 1);
    }
}
