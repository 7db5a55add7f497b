// AuditEvents: who may append, who may read, and that nothing of them is ever changed.
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>

#include <catch2/catch.hpp>
#include <set>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;
namespace kind = careplug::plan::audit_kind;
namespace basis = careplug::plan::basis;

namespace {

plan::AuditRecord event_of(int n, const std::string& what = kind::read) {
    plan::AuditRecord record;
    record.id = uuid(9'000'000 + n);
    record.kind = what;
    record.when = "2026-11-21T14:02:11Z";
    record.actor = actor();
    record.patients = {nhs_number(1)};
    record.site = "Consulting room 2";
    return record;
}

Reply put(HttpClient& client, const plan::AuditRecord& record) {
    return client.send("PUT", "/AuditEvent/" + record.id, plan::fhir::write_audit_event(record));
}

}  // namespace

TEST_CASE("H9: an event of the audit is chained, kept once, and neither changed nor removed") {
    Running running;
    auto gp = running.stranger();
    auto officer = running.client("privacy_officer", false, "officer");
    CHECK(put(gp, event_of(1)).status == 201);
    CHECK(put(gp, event_of(2)).status == 201);
    // Sent again, because an answer was lost.
    CHECK(put(gp, event_of(1)).status == 200);
    CHECK(total(officer, "/AuditEvent?subtype=read") == 2);

    auto changed = event_of(1);
    changed.reason = "another";
    CHECK(put(gp, changed).status == 409);
    CHECK(put(officer, changed).status == 409);
    CHECK(gp.request("DELETE", "/AuditEvent/" + event_of(1).id).status == 405);
    CHECK(officer.request("DELETE", "/AuditEvent/" + event_of(1).id).status == 405);
    json in_transaction{{"resourceType", "Bundle"},
                        {"type", "transaction"},
                        {"entry",
                         {{{"resource", plan::fhir::write_audit_event(changed)},
                           {"request", {{"method", "PUT"}, {"url", "AuditEvent/" + changed.id}}}}}}};
    CHECK(post(gp, in_transaction).status >= 400);

    const auto first = officer.get("/AuditEvent/" + event_of(1).id).json();
    const auto second = officer.get("/AuditEvent/" + event_of(2).id).json();
    CHECK(first.at("meta").at("versionId") == "1");
    CHECK(plan::fhir::link_of(first).sequence == 1);
    CHECK(plan::fhir::link_of(second).sequence == 2);
    CHECK(plan::fhir::link_of(second).previous == plan::fhir::link_of(first).hash);
}

TEST_CASE("H9: the audit is read by a privacy officer alone, who reads no plan") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    REQUIRE(put(gp, event_of(1)).status == 201);
    for (const char* role : {"gp", "ae_clinician", "patient", "system", "researcher"}) {
        INFO(role);
        auto reader = running.client(role, true);
        for (const std::string address :
             {"/AuditEvent", "/AuditEvent/_history", "/Communication", "/Communication/_history"}) {
            INFO(address);
            const auto refused = reader.get(address);
            CHECK(refused.status == 403);
            CHECK(words(refused).find("privacy officer") != std::string::npos);
        }
        CHECK(reader.get("/AuditEvent/" + event_of(1).id).status == 403);
        CHECK(reader.get("/AuditEvent/" + event_of(1).id + "/_history/1").status == 403);
    }
    auto officer = running.client("privacy_officer", false, "officer");
    CHECK(officer.get("/AuditEvent/" + event_of(1).id).status == 200);
    const std::string by_patient = std::string("/AuditEvent?patient.identifier=") + nhs_number(1);
    CHECK(total(officer, by_patient + "&subtype=read") == 1);
    CHECK(total(officer, "/AuditEvent?subtype=read&patient.identifier=" + nhs_number(2)) == 0);
    CHECK(total(officer, "/AuditEvent?subtype=read&_total=accurate") == 1);
    CHECK(total(officer, "/AuditEvent?subtype=reveal&_total=accurate") == 0);
    for (const char* type : {"/CarePlan", "/QuestionnaireResponse", "/Patient", "/Consent", "/Provenance"})
        CHECK(officer.get(type).status == 403);
}

TEST_CASE(
    "H9: an event says who the token says it was, and another host's people are nobody's to speak for") {
    Running running;
    auto gp = running.stranger();
    auto officer = running.client("privacy_officer", false, "officer");
    auto boasting = event_of(1);
    boasting.actor.role = "palliative_specialist";
    boasting.actor.name = "Somebody Else";
    REQUIRE(put(gp, boasting).status == 201);
    auto kept = plan::fhir::read_audit_event(officer.get("/AuditEvent/" + boasting.id).json());
    CHECK(kept.actor.role == "gp");
    CHECK(kept.actor.name == "Dr T. Ester");

    // A colleague's event, from a computer where it waited.
    auto waited = event_of(2);
    waited.actor.subject = "colleague";
    REQUIRE(put(gp, waited).status == 201);
    const auto sent = officer.get("/AuditEvent/" + waited.id).json();
    CHECK(plan::fhir::read_audit_event(sent).actor.subject == "colleague");
    CHECK(plan::fhir::link_of(sent).sent_by.find("Dr T. Ester") == 0);

    auto of_another_host = event_of(3);
    of_another_host.actor.issuer = "ooh";
    CHECK(put(gp, of_another_host).status == 403);
    auto nonsense = plan::fhir::write_audit_event(event_of(4));
    nonsense["subtype"][0]["code"] = "nothing";
    CHECK(gp.send("PUT", "/AuditEvent/" + event_of(4).id, nonsense).status == 422);
    CHECK(
        gp.send("PUT", "/AuditEvent/" + event_of(5).id, plan::fhir::write_audit_event(event_of(4))).status ==
        400);
}

TEST_CASE(
    "H9: a basis opens with the opening of a record alone; one that needs a reason, of one record, with it") {
    Running running;
    auto gp = running.client();
    const auto refused = [&](int n, const char* what, const char* why, const std::string& reason) {
        auto event = event_of(n, what);
        event.basis = why;
        event.reason = reason;
        return put(gp, event).status == 422;
    };
    CHECK(refused(1, kind::board, basis::break_glass, "Life at risk"));
    CHECK(refused(2, kind::open, basis::break_glass, "Life at risk"));
    CHECK(refused(3, kind::break_glass, basis::break_glass, ""));
    CHECK(refused(4, kind::open, basis::self_claimed, ""));
    CHECK(refused(5, kind::read, basis::registered, ""));
    auto of_many = event_of(6, kind::open);
    of_many.basis = basis::self_claimed;
    of_many.reason = "Called by the family";
    of_many.patients = {nhs_number(1), nhs_number(2)};
    CHECK(put(gp, of_many).status == 422);
}

TEST_CASE(
    "H9: breaking the glass, or claiming a relationship, tells the privacy officer without naming anybody") {
    Running running;
    auto gp = running.stranger();
    auto officer = running.client("privacy_officer", false, "officer");
    auto opened = event_of(1, kind::open);
    opened.basis = basis::registered;
    REQUIRE(put(gp, opened).status == 201);
    CHECK(total(officer, "/Communication?_total=accurate") == 0);
    auto glass = event_of(2, kind::break_glass);
    glass.basis = basis::break_glass;
    glass.reason = "Life at risk";
    REQUIRE(put(gp, glass).status == 201);
    REQUIRE(put(gp, glass).status == 200);
    auto claimed = event_of(3, kind::open);
    claimed.basis = basis::self_claimed;
    claimed.reason = "Called by the family";
    REQUIRE(put(gp, claimed).status == 201);
    const auto alerts = officer.get("/Communication").json();
    REQUIRE(alerts.at("entry").size() == 2);
    std::set<std::string> about;
    for (const auto& entry : alerts.at("entry")) {
        const auto& alert = entry.at("resource");
        about.insert(alert.at("about")[0].at("reference"));
        const auto text = alert.dump();
        CHECK(text.find(nhs_number(1)) == std::string::npos);
        CHECK(text.find("Patient") == std::string::npos);
        CHECK(text.find("Ester") == std::string::npos);
        CHECK(text.find("Life at risk") == std::string::npos);
    }
    CHECK(about == std::set<std::string>{"AuditEvent/" + glass.id, "AuditEvent/" + claimed.id});
    CHECK(running.exchange.standard_error().find(nhs_number(1)) == std::string::npos);
}

TEST_CASE("H9: what a privacy officer asks of the audit is in the audit too") {
    Running running;
    auto gp = running.stranger();
    REQUIRE(put(gp, event_of(1)).status == 201);
    auto officer = running.client("privacy_officer", false, "officer");
    REQUIRE(officer.get("/AuditEvent?subtype=read&patient.identifier=" + nhs_number(1)).status == 200);
    REQUIRE(officer.get("/AuditEvent/" + event_of(1).id).status == 200);
    REQUIRE(officer
                .request("POST", "/AuditEvent/_search",
                         {{"Content-Type", "application/x-www-form-urlencoded"}},
                         "agent.identifier=nobody&_count=5%FF")
                .status >= 400);
    const json asked{{"resourceType", "Bundle"},
                     {"type", "transaction"},
                     {"entry", {{{"request", {{"method", "GET"}, {"url", "Communication"}}}}}}};
    REQUIRE(post(officer, asked).status == 200);
    REQUIRE(gp.get("/AuditEvent").status == 403);

    std::vector<plan::AuditRecord> found;
    auto other = running.client("privacy_officer", false, "other officer");
    const auto bundle = other.get("/AuditEvent?subtype=audit").json();
    for (const auto& entry : bundle.at("entry"))
        found.push_back(plan::fhir::read_audit_event(entry.at("resource")));
    REQUIRE(found.size() == 5);
    for (std::size_t at = 0; at < 4; ++at) CHECK(found[at].actor.subject == "officer");
    // Whom it was about stands where every event names people, and nowhere else.
    CHECK(found[0].patients == std::vector<std::string>{nhs_number(1)});
    CHECK(found[0].detail == "AuditEvent?subtype=read");
    CHECK(found[1].detail == "AuditEvent/" + event_of(1).id);
    CHECK(found[2].detail == "AuditEvent?agent.identifier=nobody&_count=5?");
    CHECK(found[3].detail == "Communication");
    CHECK(found[4].actor.subject == "other officer");

    // The pages of one answer belong to its first; a page that nobody asked before is no such page.
    const auto count = [&] { return total(other, "/AuditEvent?subtype=audit"); };
    const auto before = count();
    std::string address = "/AuditEvent/_history?_count=2";
    for (int page = 0; page < 3; ++page) {
        const auto reply = officer.get(address).json();
        for (const auto& link : reply.at("link"))
            if (link.at("relation") == "next")
                address = link.at("url").get<std::string>().substr(running.exchange.url().size());
    }
    CHECK(count() == before + 2);
    auto third = running.client("privacy_officer", false, "third officer");
    REQUIRE(third.get(address).status == 200);
    CHECK(count() == before + 4);
}
