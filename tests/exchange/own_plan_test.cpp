// A patient's sign-in at the exchange: their own plan, what their view shows of it, and nobody else's
// anything.
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/proposal.h>
#include <careplug/plan/withhold.h>

#include <catch2/catch.hpp>

#include "../unit/plan_fixture.h"
#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;
using plan_test::complete_answers;
using plan_test::option;
using plan_test::urgent_care_plan;

namespace {

constexpr const char* today = "2026-11-21";
constexpr const char* own_words = "To see the garden once more";
constexpr const char* cpr_reason = "Agreed with the person";

plan::Actor person(int n, const std::string& role = "patient", const std::string& subject = "") {
    auto made = actor(role);
    made.subject = subject.empty() ? role + std::to_string(n) : subject;
    made.organisation.clear();
    made.organisation_name.clear();
    made.person = nhs_number(n);
    return made;
}

HttpClient signed_in(Running& running, const plan::Actor& who) {
    auto claims = running.signer.claims(who.role, false, who.subject);
    claims.erase("organisation");
    claims.erase("organisation_name");
    claims["nhs_number"] = who.person;
    HttpClient client(running.exchange.url());
    client.always = {{"Authorization", "Bearer " + running.signer.sign(claims)}};
    return client;
}

plan::fhir::Subject subject_of(int n) {
    return {nhs_number(n), "Nkemelu", "Adaeze", "1944-06-19", "female", "", ""};
}

// Plan `n` as a GP publishes it; how much of it its person may see is `access`.
json publish(HttpClient& gp, int n, const std::string& access = "all", bool aware = true) {
    auto answers = complete_answers();
    answers.set("dem.nhs", nhs_number(n));
    answers.set("con.patient_access", option(urgent_care_plan(), "con.patient_access", access));
    if (!aware) answers.set("cpr.aware", option(urgent_care_plan(), "cpr.aware", "845151000000104"));
    const plan::fhir::Revision revision{uuid(n + 1000), uuid(n), actor(), "2026-11-20T10:00:00Z", answers};
    const auto reply = post(
        gp, plan::fhir::publish_transaction(urgent_care_plan(), revision, subject_of(n), nullptr, today));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return gp.get("/CarePlan/" + uuid(n)).json();
}

plan::Answers read_answers(HttpClient& client, const std::string& id) {
    const auto reply = client.get("/QuestionnaireResponse/" + id);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return plan::fhir::read_revision(urgent_care_plan(), reply.json());
}

// What the person's computer would send: their answers on top of the plan as they were given it.
json own_edit(const json& care_plan, const plan::Actor& who, const plan::Answers& answers, int revision) {
    const auto before = plan::fhir::read_plan(urgent_care_plan(), care_plan);
    plan::fhir::Revision made{uuid(revision), before.id, who, "2026-11-21T09:00:00Z", answers};
    made.base_revision_id = before.revision_id;
    auto subject = subject_of(0);
    subject.nhs_number = before.nhs_number;
    subject.reference = before.patient_reference;
    return plan::fhir::own_edit_transaction(urgent_care_plan(), made, subject, before);
}

plan::Proposal proposal(const json& care_plan, const plan::Actor& who, const std::string& place) {
    const auto header = plan::fhir::read_plan(urgent_care_plan(), care_plan);
    plan::Answers wanted;
    wanted.set("pref.ppd1", place);
    auto made =
        plan::proposals_between(urgent_care_plan(), who, plan::Answers(), wanted, "of " + who.subject).at(0);
    made.plan_id = header.id;
    made.patient_reference = header.patient_reference;
    made.nhs_number = header.nhs_number;
    made.authored = "2026-11-21T09:00:00Z";
    return made;
}

Reply put_task(HttpClient& client, const json& task, const std::string& etag = "") {
    const auto address = "/Task/" + task.at("id").get<std::string>();
    return etag.empty() ? client.send("PUT", address, task)
                        : client.send("PUT", address, task, {{"If-Match", etag}});
}

bool says(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("H17: a patient's sign-in is given nothing of another person, by any route") {
    Running running;
    auto gp = running.client();
    publish(gp, 1);
    const auto others = publish(gp, 2);
    const auto their_patient = others["subject"]["reference"].get<std::string>();
    auto patient = signed_in(running, person(1));
    REQUIRE(patient.get("/CarePlan/" + uuid(1)).status == 200);

    for (const auto& address : std::vector<std::string>{
             "/CarePlan/" + uuid(2), "/CarePlan/" + uuid(2) + "/_history",
             "/CarePlan/" + uuid(2) + "/_history/1", "/QuestionnaireResponse/" + uuid(1002),
             "/QuestionnaireResponse/" + uuid(1002) + "/_history", "/Consent/" + uuid(2), "/" + their_patient,
             "/" + their_patient + "/_history"}) {
        INFO(address);
        CHECK(patient.get(address).status == 404);
    }
    const auto number = std::string(plan::nhs_number_system) + "|" + nhs_number(2);
    for (const auto& search : std::vector<std::string>{
             "/CarePlan?_count=50", "/CarePlan?patient.identifier=" + number,
             "/CarePlan?subject=" + their_patient, "/QuestionnaireResponse?_count=50",
             "/QuestionnaireResponse?patient.identifier=" + number,
             "/QuestionnaireResponse?based-on=CarePlan/" + uuid(2), "/Patient?_count=50",
             "/Patient?identifier=" + number, "/Flag?_count=50", "/Consent?_count=50", "/Task?_count=50",
             "/RelatedPerson?_count=50", "/AuditEvent?_count=50", "/AuditEvent?patient.identifier=" + number,
             "/Provenance?target=CarePlan/" + uuid(2),
             "/CarePlan?_include=CarePlan:subject&_revinclude=QuestionnaireResponse:based-on&_count=50"}) {
        INFO(search);
        const auto reply = patient.get(search);
        CHECK(reply.status == 200);
        // The link to itself repeats what was asked.
        const auto found = reply.json().value("entry", json::array()).dump();
        for (const auto& theirs : {nhs_number(2), uuid(2), uuid(1002), their_patient})
            CHECK(found.find(theirs) == std::string::npos);
        const auto counted = patient.get(search + "&_total=accurate");
        CHECK(counted.json().value("total", 0) <= 2);
    }
    for (const auto& all :
         std::vector<std::string>{"/CarePlan/_history", "/Patient/_history", "/Provenance"}) {
        INFO(all);
        CHECK(patient.get(all).status == 403);
    }
}

TEST_CASE("H17: what is withheld from a patient leaves the exchange by no route") {
    Running running;
    auto gp = running.client();
    auto patient = signed_in(running, person(1));
    publish(gp, 1, "all", false);
    const auto care_plan = patient.get("/CarePlan/" + uuid(1));
    const auto answers = read_answers(patient, uuid(1001));
    CHECK(answers.has("dx.primary"));
    CHECK_FALSE(answers.has("cpr.decision"));
    for (const auto& address : std::vector<std::string>{
             "/CarePlan/" + uuid(1), "/CarePlan/" + uuid(1) + "/_history", "/CarePlan?_count=10",
             "/QuestionnaireResponse/" + uuid(1001), "/QuestionnaireResponse?_count=10",
             "/QuestionnaireResponse/" + uuid(1001) + "/_history", "/Flag?_count=10",
             "/CarePlan?_revinclude=QuestionnaireResponse:based-on&_revinclude=Flag:patient"}) {
        INFO(address);
        const auto reply = patient.get(address);
        CHECK_FALSE(says(reply, cpr_reason));
        CHECK_FALSE(says(reply, "cpr."));
        CHECK_FALSE(says(reply, "450476008"));
    }

    publish(gp, 2, "none-yet");
    auto other = signed_in(running, person(2));
    const auto nothing = other.get("/CarePlan/" + uuid(2)).json();
    CHECK(plan::fhir::is_redacted(nothing));
    for (const char* part : {"cpr.", "tep.", "dx.", "pref.", "450476008"})
        CHECK(nothing.dump().find(part) == std::string::npos);
    CHECK(plan::fhir::is_redacted(other.get("/QuestionnaireResponse/" + uuid(1002)).json()));
}

TEST_CASE("H17: a patient's own section takes effect, whole, and what they do not see stays as it was") {
    Running running;
    auto gp = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    publish(gp, 1, "withhold", false);
    const auto read = patient.get("/CarePlan/" + uuid(1)).json();
    auto answers = read_answers(patient, uuid(1001));
    answers.set("pref.matters", std::string(own_words));
    const auto reply = post(patient, own_edit(read, me, answers, 2001));
    INFO(reply.body);
    REQUIRE(reply.status == 200);

    opens(gp, nhs_number(1));
    const auto whole = read_answers(gp, uuid(2001));
    CHECK(whole.text("pref.matters") == own_words);
    auto expected = complete_answers();
    CHECK(plan::same(whole, expected, "cpr.decision"));
    CHECK(plan::same(whole, expected, "cpr.reason"));
    CHECK(plan::same(whole, expected, "dx.primary"));
    CHECK(whole.has("cpr.aware"));
    CHECK(whole.has("con.patient_access"));
    const auto now = plan::fhir::read_plan(urgent_care_plan(), gp.get("/CarePlan/" + uuid(1)).json());
    CHECK(now.revision == 2);
    CHECK(now.author == me.words());
    CHECK(now.summary.has("cpr.decision"));
    // Every flag that there was.
    CHECK(total(gp, "/Flag?status=active") > 0);
}

TEST_CASE("H17: a patient's edit keeps who approved the plan") {
    Running running;
    auto gp = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    publish(gp, 1);
    const auto read = patient.get("/CarePlan/" + uuid(1)).json();
    auto answers = read_answers(patient, uuid(1001));
    answers.set("pref.matters", std::string(own_words));
    REQUIRE(post(patient, own_edit(read, me, answers, 2001)).status == 200);
    const auto now = plan::fhir::read_plan(urgent_care_plan(), gp.get("/CarePlan/" + uuid(1)).json());
    CHECK(now.approver == actor().words());
    CHECK(now.approver_role == "gp");
}

TEST_CASE("H17: a patient changes no clinical section, whatever their computer sends") {
    Running running;
    auto gp = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    publish(gp, 1, "all");
    const auto read = patient.get("/CarePlan/" + uuid(1)).json();
    const auto given = read_answers(patient, uuid(1001));
    const auto refused = [&](const char* what, plan::Answers answers, int revision) {
        INFO(what);
        const auto reply = post(patient, own_edit(read, me, answers, revision));
        CHECK(reply.status == 403);
        CHECK(gp.get("/CarePlan/" + uuid(1)).json()["meta"]["versionId"] == "1");
        return reply;
    };
    auto answers = given;
    answers.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", "450475007"));
    refused("the CPR decision", answers, 2001);
    answers = given;
    answers.clear("cpr.decision");
    refused("no CPR decision", answers, 2002);
    answers = given;
    answers.set("pref.ppd1", std::string("At home"));
    CHECK(says(refused("a proposal as an edit", answers, 2003), "Suggest a change"));
    answers = given;
    answers.set("con.patient_access", option(urgent_care_plan(), "con.patient_access", "all"));
    refused("what they may see", answers, 2004);

    // Past the exchange's own completion: as a clinician would publish.
    const auto header = plan::fhir::read_plan(urgent_care_plan(), read);
    plan::fhir::Revision revision{uuid(2005), uuid(1), me, "2026-11-21T09:00:00Z", answers};
    auto subject = subject_of(1);
    subject.reference = header.patient_reference;
    CHECK(
        post(patient, plan::fhir::publish_transaction(urgent_care_plan(), revision, subject, &header, today))
            .status == 403);
    revision.status = plan::RevisionStatus::submitted;
    CHECK(post(patient, plan::fhir::submit_transaction(urgent_care_plan(), revision, subject)).status == 403);
    for (const auto act : {plan::PlanAct::suspend, plan::PlanAct::close, plan::PlanAct::enter_in_error})
        CHECK(
            post(patient, plan::fhir::status_transaction(urgent_care_plan(), header,
                                                         {act, me, "2026-11-21T09:00:00Z", today, "", today}))
                .status == 403);
    // Another person's plan, by the same words as one that is not there.
    publish(gp, 2);
    const auto theirs = gp.get("/CarePlan/" + uuid(2)).json();
    const auto other = post(patient, own_edit(theirs, me, given, 2006));
    CHECK(other.status == 403);
}

TEST_CASE("H17: a suggestion changes nothing of the plan, and is of the questions that patients may answer") {
    Running running;
    auto gp = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    const auto care_plan = publish(gp, 1);
    const auto flags = total(gp, "/Flag");
    const auto made = proposal(care_plan, me, "At home");
    const auto task = plan::fhir::write_proposal(urgent_care_plan(), made);
    const auto kept = put_task(patient, task);
    INFO(kept.body);
    REQUIRE(kept.status == 201);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == care_plan);
    CHECK(total(gp, "/Flag") == flags);
    CHECK(total(gp, "/QuestionnaireResponse") == 1);

    const auto asks = [&](const std::string& link_id, const plan::Value& value) {
        auto wrong = made;
        wrong.id = uuid(7000);
        wrong.questions = {link_id};
        wrong.answers = {};
        wrong.answers.set(link_id, value);
        return put_task(patient, plan::fhir::write_proposal(urgent_care_plan(), wrong)).status;
    };
    CHECK(asks("cpr.reason", std::string("Please try")) == 403);
    CHECK(asks("tep.level", option(urgent_care_plan(), "tep.level", "hospital-ward-based-treatment")) == 403);
    CHECK(asks("pref.matters", std::string("The garden")) == 403);
    auto of_gp = made;
    of_gp.id = uuid(7003);
    of_gp.author = actor().words();
    of_gp.author_key = actor().issuer + "|" + actor().subject;
    CHECK(put_task(gp, plan::fhir::write_proposal(urgent_care_plan(), of_gp)).status == 403);
    auto forged = made;
    forged.id = uuid(7001);
    forged.author = "Dr Somebody, GP";
    CHECK(put_task(patient, plan::fhir::write_proposal(urgent_care_plan(), forged)).status == 422);
    auto of_another = made;
    of_another.id = uuid(7002);
    publish(gp, 2);
    of_another.plan_id = uuid(2);
    CHECK(put_task(patient, plan::fhir::write_proposal(urgent_care_plan(), of_another)).status == 422);
}

TEST_CASE("H17: a suggestion is read by who may edit and has said why, and not where the plan is withheld") {
    Running running;
    auto gp = running.stranger("gp", false, "reader");
    auto author = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    const auto care_plan = publish(author, 1);
    const auto task = plan::fhir::write_proposal(urgent_care_plan(), proposal(care_plan, me, "At home"));
    REQUIRE(put_task(patient, task).status == 201);
    const auto address = "/Task/" + task["id"].get<std::string>();

    const auto unrelated = gp.get(address);
    CHECK(unrelated.status == 200);
    CHECK(plan::fhir::is_redacted(unrelated.json()));
    CHECK_FALSE(says(unrelated, "At home"));
    opens(gp, nhs_number(1), "reader");
    CHECK(says(gp.get(address), "At home"));
    auto nurse = running.client("ae_clinician", false, "ae");
    CHECK(nurse.get(address).status == 404);

    const auto header = plan::fhir::read_plan(urgent_care_plan(), author.get("/CarePlan/" + uuid(1)).json());
    REQUIRE(post(author, plan::fhir::status_transaction(
                             urgent_care_plan(), header,
                             {plan::PlanAct::suspend, actor(), "2026-11-21T09:00:00Z", today, "", today}))
                .status == 200);
    CHECK(gp.get(address).status == 404);
}

TEST_CASE(
    "H17: a clinician takes a suggestion by publishing it, or declines it with a reason; nobody else does") {
    Running running;
    auto gp = running.client();
    const auto me = person(1);
    auto patient = signed_in(running, me);
    const auto care_plan = publish(gp, 1);
    opens(gp, nhs_number(1));
    const auto task = plan::fhir::write_proposal(urgent_care_plan(), proposal(care_plan, me, "At home"));
    REQUIRE(put_task(patient, task).status == 201);
    using plan::ProposalStatus;
    const auto decided = [&](ProposalStatus to, const plan::Actor& by, const std::string& reason,
                             const std::string& revision) {
        return plan::fhir::decided_proposal(task, to, by, "2026-11-21T10:00:00Z", reason, revision);
    };
    const std::string first = "W/\"1\"";
    CHECK(put_task(patient, decided(ProposalStatus::taken, me, "", uuid(1001)), first).status == 403);
    CHECK(put_task(patient, decided(ProposalStatus::declined, me, "No", ""), first).status == 403);
    auto ooh = running.client("ooh_clinician", false, "ooh");
    auto away = actor("ooh_clinician");
    away.subject = "ooh";
    CHECK(put_task(ooh, decided(ProposalStatus::declined, away, "No", ""), first).status == 403);
    CHECK(put_task(gp, decided(ProposalStatus::declined, actor(), "", ""), first).status == 422);
    CHECK(put_task(gp, decided(ProposalStatus::taken, actor(), "", uuid(1001)), first).status == 422);
    CHECK(put_task(gp, decided(ProposalStatus::taken_back, actor(), "", ""), first).status == 403);
    auto changed = decided(ProposalStatus::declined, actor(), "Not now", "");
    changed["contained"][0]["item"][0]["item"][0]["answer"][0] = {{"valueString", "In hospital"}};
    CHECK(put_task(gp, changed, first).status == 422);
    const auto declined =
        put_task(gp, decided(ProposalStatus::declined, actor(), "Let us talk on Monday", ""), first);
    INFO(declined.body);
    REQUIRE(declined.status == 200);
    CHECK(says(patient.get("/Task/" + task["id"].get<std::string>()), "Let us talk on Monday"));
    // Once decided it stays so.
    CHECK(put_task(patient, decided(ProposalStatus::taken_back, me, "", ""), "W/\"2\"").status == 422);
}

TEST_CASE(
    "H17: who acts for a patient reads nothing until their authority is recorded, and nothing after its "
    "end") {
    Running running;
    auto gp = running.client();
    const auto care_plan = publish(gp, 1);
    const auto proxy = person(1, "proxy", "jo");
    const auto reads = [&] { return signed_in(running, proxy).get("/CarePlan/" + uuid(1)).status; };
    CHECK(reads() == 404);
    json related{{"resourceType", "RelatedPerson"},
                 {"id", "authority-jo"},
                 {"identifier", {{{"system", "urn:x-local:careplug:issuer:gp"}, {"value", "jo"}}}},
                 {"active", true},
                 {"patient", care_plan["subject"]},
                 {"name", {{{"text", "Jo Lindqvist"}}}}};
    auto self = signed_in(running, proxy);
    CHECK(self.send("PUT", "/RelatedPerson/authority-jo", related).status == 403);
    auto nurse = running.client("district_nurse", false, "nurse");
    CHECK(nurse.send("PUT", "/RelatedPerson/authority-jo", related).status == 403);
    const auto recorded = gp.send("PUT", "/RelatedPerson/authority-jo", related);
    INFO(recorded.body);
    REQUIRE(recorded.status == 201);
    CHECK(reads() == 200);
    related["period"] = {{"end", "2020-01-01"}};
    REQUIRE(gp.send("PUT", "/RelatedPerson/authority-jo", related, {{"If-Match", "W/\"1\""}}).status == 200);
    CHECK(reads() == 404);
    related.erase("period");
    related["active"] = false;
    REQUIRE(gp.send("PUT", "/RelatedPerson/authority-jo", related, {{"If-Match", "W/\"2\""}}).status == 200);
    CHECK(reads() == 404);
}

TEST_CASE("H17: a patient learns who looked at their plan, and of no other person of the same event") {
    Running running;
    auto gp = running.client();
    publish(gp, 1);
    publish(gp, 2);
    auto patient = signed_in(running, person(1));
    const auto looked = patient.get("/AuditEvent?_count=50");
    REQUIRE(looked.status == 200);
    CHECK(says(looked, "Dr T. Ester"));
    CHECK(looked.json()["entry"].size() == 1);
    CHECK_FALSE(says(looked, nhs_number(2)));
    CHECK_FALSE(says(looked, "Called by the family"));
    CHECK(says(looked, "\"registered\""));
    // An empty answer would say that nobody looked.
    auto proxy = signed_in(running, person(1, "proxy", "jo"));
    CHECK(proxy.get("/AuditEvent?_count=50").status == 403);
}
