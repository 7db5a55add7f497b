#include "exchange_fixture.h"

#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/relationship.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace exchange_test {

namespace plan = careplug::plan;

namespace {

const careplug::test::TokenSigner& the_signer() {
    static const careplug::test::TokenSigner signer("gp");
    return signer;
}

std::filesystem::path trusting(const std::filesystem::path& folder) {
    the_signer().trust_in(folder / "trust");
    return folder;
}

plan::Coding step(const std::string& code, const std::string& display) {
    return {"urn:x-local:careplug:contingency-plan", code, display};
}

}  // namespace

namespace {

const std::vector<std::string>& every_number() {
    // Nine digits have one check digit or none.
    static const std::vector<std::string> numbers = [] {
        std::vector<std::string> made;
        for (int start = 999000000; made.size() < 400; ++start)
            for (int check = 0; check < 10; ++check)
                if (auto text = std::to_string(start) + std::to_string(check);
                    plan::parse_nhs_number(text).valid())
                    made.push_back(std::move(text));
        return made;
    }();
    return numbers;
}

}  // namespace

Running::Running(const std::filesystem::path& program)
    : signer(the_signer()), exchange(trusting(folder.path()), program) {}

Headers Running::identity(const std::string& role, bool senior, const std::string& subject) {
    return {{"Authorization", signer.bearer(role, senior, subject)}};
}

HttpClient Running::client(const std::string& role, bool senior, const std::string& subject) {
    HttpClient made = stranger(role, senior, subject);
    const auto bases = plan::bases_of(contingency_plan(), actor(role, senior));
    if (!bases.empty()) opens(made, every_number(), subject, bases.front());
    return made;
}

HttpClient Running::stranger(const std::string& role, bool senior, const std::string& subject) {
    HttpClient made(exchange.url());
    made.always = identity(role, senior, subject);
    return made;
}

std::string nhs_number(int n) {
    return every_number().at(static_cast<std::size_t>(n));
}

std::string uuid(int n) {
    char text[37];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", n);
    return text;
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

plan::Answers answers(const std::string& number, const std::string& signs) {
    plan::Answers made;
    made.set("dem.family", std::string("Ashe"));
    made.set("dem.given", std::string("Iris"));
    made.set("dem.dob", plan::Date{"1944-06-19"});
    made.set("dem.nhs", number);
    made.set("worse.signs", signs);
    made.set("worse.step", step("hospital", "Take to hospital at once"));
    made.set("meta.review", plan::Date{"2099-01-01"});
    made.set("kept.agreed", true);
    return made;
}

plan::Actor actor(const std::string& role, bool senior) {
    const auto claims = the_signer().claims(role, senior);
    plan::Actor made;
    made.subject = claims["sub"];
    made.issuer = claims["iss"];
    made.name = claims["name"];
    made.role = role;
    made.senior = senior;
    made.organisation = claims["organisation"];
    made.organisation_name = claims["organisation_name"];
    return made;
}

Publish first(int n, const std::string& signs) {
    const auto number = nhs_number(n);
    return {number, uuid(n), uuid(1'000'000 + n), actor(), answers(number, signs)};
}

Publish next(const json& care_plan, const std::string& revision_id, const std::string& signs) {
    const std::string number = care_plan["subject"]["identifier"]["value"];
    Publish publish{number, care_plan["id"], revision_id, actor(), answers(number, signs)};
    publish.patient_reference = care_plan["subject"]["reference"];
    publish.before = care_plan;
    return publish;
}

json transaction(const Publish& publish) {
    plan::fhir::Revision revision{publish.revision_id, publish.plan_id, publish.author,
                                  "2026-11-21T14:02:00Z", publish.content};
    plan::fhir::Subject subject{publish.number,           "Ashe", "Iris", "1944-06-19", "female", "",
                                publish.patient_reference};
    if (publish.before.is_null())
        return plan::fhir::publish_transaction(contingency_plan(), revision, subject, nullptr, "2026-11-21");
    const auto before = plan::fhir::read_plan(contingency_plan(), publish.before);
    return plan::fhir::publish_transaction(contingency_plan(), revision, subject, &before, "2026-11-21");
}

json& entry_in(json& bundle, const std::string& type) {
    for (auto& entry : bundle["entry"])
        if (entry["resource"]["resourceType"] == type) return entry;
    throw std::runtime_error("no " + type + " in the transaction");
}

json& resource_in(json& bundle, const std::string& type) {
    return entry_in(bundle, type)["resource"];
}

void opens(HttpClient& client, const std::string& number, const std::string& subject,
           const std::string& basis) {
    opens(client, std::vector<std::string>{number}, subject, basis);
}

void opens(HttpClient& client, const std::vector<std::string>& numbers, const std::string& subject,
           const std::string& basis) {
    plan::AuditRecord record;
    record.kind = basis == plan::basis::break_glass ? plan::audit_kind::break_glass : plan::audit_kind::open;
    record.when = "2026-11-21T14:02:11Z";
    record.actor = actor();
    record.actor.subject = subject;
    record.patients = numbers;
    record.basis = basis;
    record.reason = "Called by the family";
    REQUIRE(client.send("POST", "/AuditEvent", plan::fhir::write_audit_event(record)).status == 201);
}

Reply post(HttpClient& client, const json& bundle) {
    return client.send("POST", "", bundle);
}

json published(HttpClient& client, int n) {
    const auto reply = post(client, transaction(first(n)));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return client.get("/CarePlan/" + uuid(n)).json();
}

json patient(const std::string& number, const std::string& family) {
    return {{"resourceType", "Patient"},
            {"identifier", {{{"system", plan::nhs_number_system}, {"value", number}}}},
            {"name", {{{"family", family}}}},
            {"birthDate", "1944-06-19"}};
}

std::size_t total(HttpClient& client, const std::string& search) {
    const auto reply =
        client.get(search + (search.find('?') == std::string::npos ? "?" : "&") + "_total=accurate");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return reply.json()["total"].get<std::size_t>();
}

std::string issue_code(const Reply& reply) {
    const auto outcome = reply.json();
    REQUIRE(outcome["resourceType"] == "OperationOutcome");
    return outcome["issue"][0]["code"];
}

std::string words(const Reply& reply) {
    return reply.json()["issue"][0]["diagnostics"];
}

}  // namespace exchange_test
