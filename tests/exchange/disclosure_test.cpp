// What a reader is given, on every route by which something can be read.
#include <careplug/plan/fhir.h>

#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "exchange_fixture.h"

using namespace exchange_test;
using careplug::test::EventStream;
using careplug::test::percent_encoded;
namespace plan = careplug::plan;

namespace {

Reply change(HttpClient& client, plan::PlanAct act) {
    const auto before = plan::fhir::read_plan(contingency_plan(), client.get("/CarePlan/" + uuid(1)).json());
    return post(client, plan::fhir::status_transaction(contingency_plan(), before,
                                                       {act, actor(), "2026-11-21T15:00:00Z", "2026-11-20",
                                                        "Wrong person", "2026-11-21"}));
}

std::vector<std::string> ids_of(HttpClient& client, const std::string& search) {
    std::vector<std::string> ids;
    const auto bundle = client.get(search).json();
    for (const auto& entry : bundle.value("entry", json::array())) ids.push_back(entry["resource"]["id"]);
    return ids;
}

// Something by which this parameter finds what belongs to plan 1.
std::vector<std::string> values_of(const std::string& type, const std::string& parameter,
                                   const json& care_plan, const std::set<std::string>& references) {
    const std::string patient = care_plan["subject"]["reference"];
    std::vector<std::string> values;
    if (parameter == "_id" || parameter == "target") {
        for (const auto& reference : references)
            if (parameter == "target" || reference.starts_with(type + "/"))
                values.push_back(parameter == "target" ? reference : reference.substr(type.size() + 1));
        return values;
    }
    if (parameter == "_lastUpdated") return {"ge2020-01-01"};
    if (parameter == "subject" || parameter == "patient") return {patient};
    if (parameter == "patient.identifier") return {nhs_number(1)};
    if (parameter == "identifier") return {nhs_number(1), uuid(1), uuid(1'000'001), uuid(70)};
    if (parameter == "status")
        return {"active", "inactive", "on-hold", "completed", "entered-in-error", "in-progress", "stopped"};
    if (parameter == "category")
        return {"59284-0", care_plan["category"][0]["coding"][0]["code"].get<std::string>()};
    if (parameter == "based-on" || parameter == "focus") return {"CarePlan/" + uuid(1)};
    if (parameter == "questionnaire") return {care_plan["instantiatesCanonical"][0].get<std::string>()};
    if (parameter == "_tag") return {std::string(plan::fhir::inbox_system) + "|Y90001"};
    if (parameter == "url" || parameter == "version") return {"1"};
    FAIL("a new parameter: say what finds plan 1 by " << type << "?" << parameter);
    return {};
}

// Every address by which something of plan 1 could be read. `references` are of all that ever was.
std::vector<std::string> every_route(HttpClient& client, const json& care_plan,
                                     const std::set<std::string>& references) {
    std::vector<std::string> routes;
    for (const auto& reference : references) {
        routes.push_back("/" + reference);
        routes.push_back("/" + reference + "/_history");
        for (const char* version : {"1", "2", "3", "4"})
            routes.push_back("/" + reference + "/_history/" + version);
    }
    const auto statement = client.get("/metadata").json();
    for (const auto& resource : statement["rest"][0]["resource"]) {
        // For the privacy officer alone: audit_test.cpp
        if (resource["type"] == "AuditEvent" || resource["type"] == "Communication") continue;
        const std::string type = resource["type"];
        if (type == "Questionnaire") continue;
        routes.push_back("/" + type);
        routes.push_back("/" + type + "/_history");
        std::vector<std::string> inclusions;
        for (const char* kind : {"searchInclude", "searchRevInclude"})
            for (const auto& each : resource.value(kind, json::array()))
                inclusions.push_back(
                    std::string(kind == std::string("searchInclude") ? "&_include=" : "&_revinclude=") +
                    each.get<std::string>());
        for (const auto& each : resource["searchParam"]) {
            const std::string name = each["name"];
            for (const auto& value : values_of(type, name, care_plan, references)) {
                const auto route =
                    "/" + type + "?" + name + "=" + percent_encoded(value) + "&_total=accurate";
                routes.push_back(route);
                for (const auto& inclusion : inclusions) routes.push_back(route + inclusion);
            }
        }
    }
    return routes;
}

json batch_of(const std::vector<std::string>& routes, const char* type) {
    json bundle{{"resourceType", "Bundle"}, {"type", type}, {"entry", json::array()}};
    for (const auto& route : routes)
        bundle["entry"].push_back({{"request", {{"method", "GET"}, {"url", route.substr(1)}}}});
    return bundle;
}

// Gives the body of every answer that this reader can get.
void read_everything(HttpClient& client, const std::vector<std::string>& routes,
                     const std::function<void(const std::string& route, const Reply&)>& look) {
    std::vector<std::string> answered;
    for (const auto& route : routes) {
        const auto reply = client.get(route);
        look(route, reply);
        if (reply.status == 200) answered.push_back(route);
        const auto mark = route.find('?');
        if (mark == std::string::npos || route.find('=') == std::string::npos) continue;
        look("POST " + route,
             client.request("POST", route.substr(0, mark) + "/_search",
                            {{"Content-Type", "application/x-www-form-urlencoded"}}, route.substr(mark + 1)));
    }
    look("batch", post(client, batch_of(answered, "batch")));
    look("transaction", post(client, batch_of(answered, "transaction")));
}

// Links repeat what was asked.
void erase_links(json& value) {
    if (value.is_object()) value.erase("link");
    if (value.is_structured())
        for (auto& each : value) erase_links(each);
}

void check_says_nothing(const std::string& route, const Reply& reply,
                        const std::vector<std::string>& secrets) {
    INFO(route << "\n" << reply.body);
    if (reply.body.empty()) return;
    auto answer = reply.json();
    erase_links(answer);
    const auto text = answer.dump();
    for (const auto& secret : secrets) CHECK(text.find(secret) == std::string::npos);
    // A count tells of what is not given, too.
    if (!answer.contains("total")) return;
    std::size_t matches = 0;
    for (const auto& entry : answer.value("entry", json::array()))
        if (entry["search"]["mode"] == "match") ++matches;
    CHECK(answer["total"] == matches);
}

std::set<std::string> all_references(HttpClient& client, const json& care_plan) {
    std::set<std::string> references{"CarePlan/" + uuid(1),
                                     care_plan["subject"]["reference"].get<std::string>()};
    for (const char* type : {"QuestionnaireResponse", "Flag", "Consent", "Provenance"})
        for (const auto& id : ids_of(client, std::string("/") + type)) references.insert(type + ("/" + id));
    return references;
}

json as_draft(const Publish& publish, plan::RevisionStatus status = plan::RevisionStatus::draft) {
    auto bundle = transaction(publish);
    return plan::fhir::with_revision_status(resource_in(bundle, "QuestionnaireResponse"), status);
}

}  // namespace

TEST_CASE("H8: of a plan that is suspended, closed or entered in error no route gives what it says") {
    const auto act = GENERATE(plan::PlanAct::suspend, plan::PlanAct::close, plan::PlanAct::enter_in_error);
    Running running;
    auto gp = running.client();
    published(gp, 1);
    const auto second = gp.get("/CarePlan/" + uuid(1)).json();
    REQUIRE(post(gp, transaction(next(second, uuid(50), "Pain at night"))).status == 200);
    const auto care_plan = gp.get("/CarePlan/" + uuid(1)).json();
    const auto references = all_references(gp, care_plan);
    const auto routes = every_route(gp, care_plan, references);
    std::vector<std::string> secrets{"Short of breath", "Pain at night", "Take to hospital", "first-step"};
    // The test sees what it looks for, as long as the plan is active.
    std::string seen;
    read_everything(gp, routes, [&](const std::string&, const Reply& reply) { seen += reply.body; });
    for (const char* secret : {"Pain at night", "Take to hospital", "first-step"})
        CHECK(seen.find(secret) != std::string::npos);

    EventStream stream(running.exchange.url(), "/$events", running.identity("ae_clinician"));
    stream.next();
    const auto changed = change(gp, act);
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    // The answer names what was written, as its writer did.
    check_says_nothing("the answer of the change", changed, {secrets.begin(), secrets.end() - 1});

    for (const char* role : {"gp", "ae_clinician", "system"}) {
        auto reader = running.client(role);
        const auto mine = std::string("/CarePlan?patient.identifier=") + nhs_number(1);
        REQUIRE(ids_of(reader, mine) == std::vector<std::string>{uuid(1)});
        read_everything(reader, routes, [&](const std::string& route, const Reply& reply) {
            check_says_nothing(route, reply, secrets);
        });
    }
    // Looks like what it is, and not absent.
    auto ae = running.client("ae_clinician");
    const auto given = ae.get("/CarePlan/" + uuid(1)).json();
    CHECK(plan::fhir::is_redacted(given));
    CHECK(given["status"] == plan::code(plan::outcome(act)));
    const auto revision = ae.get("/QuestionnaireResponse/" + uuid(50)).json();
    CHECK(plan::fhir::is_redacted(revision));
    CHECK_FALSE(revision.contains("item"));
    CHECK_THROWS(plan::fhir::read_revision(contingency_plan(), revision));
    const auto flags = ids_of(ae, "/Flag?patient.identifier=" + nhs_number(1));
    CHECK(flags == (act == plan::PlanAct::suspend ? std::vector<std::string>{uuid(1) + "-suspended"}
                                                  : std::vector<std::string>{}));
    published(gp, 3);
    CHECK(total(ae, "/Flag") == flags.size() + 2);
    for (;;) {
        const auto event = stream.next_event();
        CHECK(event.data.find("first-step") == std::string::npos);
        if (event.data.find(uuid(3)) != std::string::npos) break;
    }
}

TEST_CASE("H3, H8: reopened by who saw none of it, a plan says what it said, and its flags are back") {
    Running running;
    auto gp = running.client();
    const auto before = published(gp, 1);
    const auto content = [](json each) {
        for (const char* name : {"meta", "extension"}) each.erase(name);
        return each;
    };
    REQUIRE(change(gp, plan::PlanAct::suspend).status == 200);
    REQUIRE(plan::fhir::is_redacted(gp.get("/CarePlan/" + uuid(1)).json()));
    // Nobody writes over what is withheld.
    auto bundle = transaction(next(before, uuid(50), "Pain"));
    entry_in(bundle, "CarePlan")["request"]["ifMatch"] = "W/\"2\"";
    const auto refused = post(gp, bundle);
    CHECK(refused.status == 422);
    CHECK(words(refused).find("reopen it first") != std::string::npos);
    const auto reply = change(gp, plan::PlanAct::reopen);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    const auto after = gp.get("/CarePlan/" + uuid(1)).json();
    CHECK(content(after) == content(before));
    for (const auto& flag : {uuid(1) + "-first-step", uuid(1) + "-plan"})
        CHECK(gp.get("/Flag/" + flag).json()["status"] == "active");
    CHECK(gp.get("/Flag/" + uuid(1) + "-suspended").json()["status"] == "inactive");
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(1'000'001)).json().contains("item"));
}

TEST_CASE(
    "H7: a draft in the inbox of an organisation is there for those of it who may approve, and no others") {
    Running running;
    auto gp = running.client();
    const auto care_plan = published(gp, 1);
    const auto at = [&](const std::string& role, const std::string& subject,
                        const std::string& organisation) {
        auto claims = running.signer.claims(role, false, subject);
        claims["organisation"] = organisation;
        HttpClient client(running.exchange.url());
        client.always = {{"Authorization", "Bearer " + running.signer.sign(claims)}};
        return client;
    };
    auto author = actor();
    author.subject = "author";
    author.organisation = "Y90001";
    auto theirs = at("gp", "author", "Y90001");
    auto edit = next(care_plan, uuid(70), "Never to be read");
    edit.author = author;
    const auto draft = [&](const std::string& organisation) {
        return plan::fhir::in_inbox(as_draft(edit), organisation);
    };
    const std::string address = "/QuestionnaireResponse/" + uuid(70);
    const std::string search =
        "/QuestionnaireResponse?status=in-progress&_tag=" + std::string(plan::fhir::inbox_system) + "%7C";
    // In no other inbox than that of the organisation which the token names.
    CHECK(theirs.send("PUT", address, draft("Y90077")).status == 422);
    REQUIRE(theirs.send("PUT", address, as_draft(edit)).status == 201);
    auto colleague = at("gp", "colleague", "Y90001");
    CHECK(colleague.get(address).status == 404);
    REQUIRE(theirs.send("PUT", address, draft("Y90001"), {{"If-Match", "W/\"1\""}}).status == 200);

    // That it waits, and whose it is; what it says when the exchange knows why it is read.
    auto seen = colleague.get(address);
    REQUIRE(seen.status == 200);
    CHECK(seen.body.find("Never to be read") == std::string::npos);
    CHECK(seen.json().contains("author"));
    CHECK(total(colleague, search + "Y90001") == 1);
    CHECK(colleague.get(address + "/_history/1").status == 404);
    opens(colleague, nhs_number(1), "colleague");
    seen = colleague.get(address);
    CHECK(seen.body.find("Never to be read") != std::string::npos);
    using Reader = std::array<const char*, 3>;
    for (const auto& [role, subject, organisation] :
         {Reader{"gp", "stranger", "Y90077"}, Reader{"district_nurse", "nurse", "Y90001"},
          Reader{"ae_clinician", "ae", "Y90001"}}) {
        auto reader = at(role, subject, organisation);
        CHECK(reader.get(address).status == 404);
        CHECK(total(reader, search + "Y90001") == 0);
    }

    // A colleague neither rewrites nor decides it by itself.
    const auto etag = Headers{{"If-Match", "W/\"2\""}};
    auto rewritten = draft("Y90001");
    rewritten["authored"] = "2026-11-21T16:00:00Z";
    CHECK(colleague.send("PUT", address, rewritten, etag).status == 403);
    auto taken = plan::fhir::with_revision_status(seen.json(), plan::RevisionStatus::approved);
    CHECK(colleague.send("PUT", address, taken, etag).status == 422);
    taken = plan::fhir::with_revision_status(seen.json(), plan::RevisionStatus::withdrawn);
    CHECK(colleague.send("PUT", address, taken, etag).status == 403);

    // Published by a colleague, it keeps its author; no answer of the draft itself changes.
    auto completing = next(care_plan, uuid(71), "Decided by a colleague");
    completing.author = actor();
    completing.author.subject = "colleague";
    completing.author.organisation = "Y90001";
    plan::fhir::Revision revision{uuid(71), completing.plan_id, completing.author, "2026-11-21T16:02:11Z",
                                  completing.content};
    revision.completes = plan::fhir::read_submission(seen.json());
    const auto before =
        plan::fhir::read_plan(contingency_plan(), colleague.get("/CarePlan/" + uuid(1)).json());
    auto bundle = plan::fhir::publish_transaction(
        contingency_plan(), revision, {nhs_number(1), "Ashe", "", "", "", "", completing.patient_reference},
        &before, "2026-11-21");
    SECTION("published with it") {
        const auto reply = post(colleague, bundle);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        CHECK(colleague.get("/QuestionnaireResponse/" + uuid(71)).json().at("author") ==
              seen.json().at("author"));
        CHECK(total(colleague, search + "Y90001") == 0);
    }
    SECTION("not rewritten with it") {
        for (auto& entry : bundle["entry"])
            if (entry["resource"].value("id", "") == uuid(70))
                entry["resource"]["item"] = as_draft(completing)["item"];
        CHECK(post(colleague, bundle).status == 422);
    }
    SECTION("not once its author has gone on with it") {
        edit.content.set("worse.signs", std::string("Never to be read either"));
        REQUIRE(theirs.send("PUT", address, draft("Y90001"), {{"If-Match", "W/\"2\""}}).status == 200);
        CHECK(post(colleague, bundle).status == 412);
    }
    SECTION("and by nobody of another organisation") {
        auto stranger = at("gp", "stranger", "Y90077");
        revision.author.subject = "stranger";
        CHECK(post(stranger, bundle).status >= 400);
    }
}

TEST_CASE("H7: a draft is there for its author alone, on every route") {
    Running running;
    auto gp = running.client();
    const auto care_plan = published(gp, 1);
    auto nurse = running.client("district_nurse", false, "nurse");
    auto author = actor("district_nurse");
    author.subject = "nurse";
    auto edit = next(care_plan, uuid(70), "Never to be read");
    edit.author = author;
    EventStream stream(running.exchange.url(), "/$events", running.identity());
    stream.next();
    REQUIRE(nurse.send("PUT", "/QuestionnaireResponse/" + uuid(70), as_draft(edit)).status == 201);
    edit.content.set("worse.signs", std::string("Never to be read either"));
    REQUIRE(nurse.send("PUT", "/QuestionnaireResponse/" + uuid(70), as_draft(edit), {{"If-Match", "W/\"1\""}})
                .status == 200);
    const auto references = all_references(nurse, care_plan);
    REQUIRE(references.contains("QuestionnaireResponse/" + uuid(70)));
    const auto routes = every_route(gp, care_plan, references);
    std::string seen;
    read_everything(nurse, routes, [&](const std::string&, const Reply& reply) { seen += reply.body; });
    CHECK(seen.find("Never to be read either") != std::string::npos);
    for (const auto& [role, subject] :
         {std::pair{"gp", "test"}, {"ae_clinician", "test"}, {"district_nurse", "another"}}) {
        auto reader = running.client(role, false, subject);
        read_everything(reader, routes, [&](const std::string& route, const Reply& reply) {
            check_says_nothing(route, reply, {"Never to be read", uuid(70)});
        });
        for (const char* route : {"", "/_history", "/_history/1", "/_history?_since=2020-01-01"})
            CHECK(reader.get("/QuestionnaireResponse/" + uuid(70) + route).status == 404);
    }
    // Submitted it is there for those who edit plans; the drafts before it stay its author's.
    const auto submitted = as_draft(edit, plan::RevisionStatus::submitted);
    REQUIRE(nurse.send("PUT", "/QuestionnaireResponse/" + uuid(70), submitted, {{"If-Match", "W/\"2\""}})
                .status == 200);
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(70)).status == 200);
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(70) + "/_history/2").status == 404);
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(70) + "/_history").json()["entry"].size() == 1);
    auto ae = running.client("ae_clinician");
    CHECK(ae.get("/QuestionnaireResponse/" + uuid(70)).status == 404);
    const auto told = json::parse(stream.next_event().data);
    CHECK((told["type"] == "Provenance" || told["version"] == "3"));
}
