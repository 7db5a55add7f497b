#include <careplug/plan/role.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "exchange_fixture.h"

using namespace exchange_test;

namespace {

int status_with(Running& running, const std::string& token) {
    HttpClient client(running.exchange.url());
    const auto reply = client.get("/Patient", {{"Authorization", "Bearer " + token}});
    if (reply.status == 401) {
        CHECK(reply.header("WWW-Authenticate").starts_with("Bearer"));
        CHECK(issue_code(reply) == "login");
    }
    return reply.status;
}

}  // namespace

TEST_CASE("Health and metadata are open; all else needs an identity") {
    Running running;
    HttpClient anyone(running.exchange.url());
    CHECK(anyone.get("/metadata").status == 200);
    HttpClient root(running.exchange.url().substr(0, running.exchange.url().size() - 5));
    CHECK(root.get("/health").status == 200);
    for (const char* path : {"/Patient", "/CarePlan/1", "/$events", "/Questionnaire", "/Nothing"})
        CHECK(anyone.get(path).status == 401);
    CHECK(anyone.send("POST", "", json::object()).status == 401);
    CHECK(anyone.get("/Patient", {{"Authorization", "Basic dGVzdDp0ZXN0"}}).status == 401);
}

TEST_CASE("H9: a token counts when it is signed by a trusted host, for this exchange, now") {
    Running running;
    const auto& signer = running.signer;
    const auto good = signer.claims("gp");
    const std::int64_t now = good["iat"];
    CHECK(status_with(running, signer.sign(good)) == 200);

    auto claims = good;
    claims["exp"] = now - 1;
    claims["iat"] = now - 300;
    CHECK(status_with(running, signer.sign(claims)) == 401);
    claims = good;
    claims["exp"] = now + 601;
    CHECK(status_with(running, signer.sign(claims)) == 401);
    claims = good;
    claims["iat"] = now + 120;
    CHECK(status_with(running, signer.sign(claims)) == 401);
    claims = good;
    claims["aud"] = "another-service";
    CHECK(status_with(running, signer.sign(claims)) == 401);
    claims["aud"] = {"another-service", "careplug-exchange"};
    CHECK(status_with(running, signer.sign(claims)) == 200);
    claims = good;
    claims["iss"] = "ooh";
    CHECK(status_with(running, signer.sign(claims)) == 401);
    for (const char* needed : {"exp", "iat", "aud", "iss", "sub", "name", "role"}) {
        claims = good;
        claims.erase(needed);
        INFO(needed);
        CHECK(status_with(running, signer.sign(claims)) == 401);
    }
}

TEST_CASE("H9: another key, no algorithm and a changed token are refused") {
    Running running;
    const auto& signer = running.signer;
    const auto claims = signer.claims("gp");
    const careplug::test::TokenSigner impostor("gp"), unknown("unknown");
    CHECK(status_with(running, impostor.sign(claims)) == 401);
    CHECK(status_with(running, unknown.sign(unknown.claims("gp"))) == 401);
    CHECK(status_with(running, signer.sign({{"alg", "RS256"}, {"kid", "../trust/gp"}}, claims)) == 401);
    CHECK(status_with(running, signer.sign({{"alg", "HS256"}, {"kid", "gp"}}, claims)) == 401);
    const auto none = careplug::test::base64url(json{{"alg", "none"}, {"kid", "gp"}}.dump()) + "." +
                      careplug::test::base64url(claims.dump()) + ".";
    CHECK(status_with(running, none) == 401);
    auto changed = signer.sign(signer.claims("ae_clinician"));
    const auto first = changed.find('.'), second = changed.find('.', first + 1);
    changed.replace(first + 1, second - first - 1, careplug::test::base64url(claims.dump()));
    CHECK(status_with(running, changed) == 401);
    CHECK(status_with(running, "no.token.here") == 401);
    CHECK(status_with(running, std::string(8100, 'a')) == 401);

    // A host that is trusted later needs no restart.
    unknown.trust_in(running.exchange.trust());
    CHECK(status_with(running, unknown.sign(unknown.claims("gp"))) == 200);
}

TEST_CASE("H9: the role decides, and a refusal says who could") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    const auto bundle = transaction(next(plan, uuid(77), "Pain"));
    for (const char* role : {"district_nurse", "ae_clinician", "ooh_clinician", "hospital_clinician",
                             "patient", "researcher", "nobody"}) {
        INFO(role);
        auto client = running.client(role);
        const auto reply = post(client, bundle);
        CHECK(reply.status == 403);
        CHECK(issue_code(reply) == "forbidden");
        CHECK(words(reply).find(' ') != std::string::npos);
    }
    auto junior = running.client("hospital_clinician");
    CHECK(words(post(junior, bundle)).find("senior hospital clinician") != std::string::npos);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);

    auto nurse = running.client("ae_clinician");
    CHECK(nurse.get("/CarePlan/" + uuid(1)).status == 200);
    CHECK(nurse.send("POST", "/Patient", patient(nhs_number(5))).status == 403);
    auto researcher = running.client("researcher");
    CHECK(researcher.get("/CarePlan/" + uuid(1)).status == 403);
    CHECK(researcher.get("/CarePlan?status=active").status == 403);
    CHECK(researcher.get("/CarePlan/_history").status == 403);
    CHECK(researcher.get("/$events").status == 403);
    const json batch{{"resourceType", "Bundle"},
                     {"type", "batch"},
                     {"entry", {{{"request", {{"method", "GET"}, {"url", "CarePlan/" + uuid(1)}}}}}}};
    CHECK(post(researcher, batch).json()["entry"][0]["response"]["status"] == "403 Forbidden");
    auto as_transaction = batch;
    as_transaction["type"] = "transaction";
    CHECK(post(researcher, as_transaction).status == 403);
}

TEST_CASE("H9: Provenance comes from the token and never from a body") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    const auto found = gp.get("/Provenance?target=CarePlan/" + uuid(1)).json();
    REQUIRE(found["entry"].size() == 1);
    const auto& provenance = found["entry"][0]["resource"];
    const auto& agent = provenance["agent"][0];
    CHECK(agent["who"]["identifier"]["value"] == "test");
    CHECK(agent["who"]["identifier"]["system"] == "urn:x-local:careplug:issuer:gp");
    CHECK(agent["who"]["display"] == "Dr T. Ester, GP, Alder Lane Surgery");
    CHECK(agent["onBehalfOf"]["identifier"]["value"] == "Y90001");
    CHECK(provenance["target"].dump().find("CarePlan/" + uuid(1) + "/_history/1") != std::string::npos);
    CHECK(provenance["target"].dump().find("QuestionnaireResponse/" + uuid(1'000'001) + "/_history/1") !=
          std::string::npos);

    const json forged{{"resourceType", "Provenance"},
                      {"id", "forged"},
                      {"target", {{{"reference", "CarePlan/" + uuid(1)}}}},
                      {"recorded", "2026-11-21T14:02:00Z"},
                      {"agent", {{{"who", {{"display", "Somebody else"}}}}}}};
    CHECK(gp.send("POST", "/Provenance", forged).status == 422);
    CHECK(gp.send("PUT", "/Provenance/forged", forged).status == 422);
    auto bundle = transaction(first(2));
    bundle["entry"].push_back(
        {{"resource", forged}, {"request", {{"method", "POST"}, {"url", "Provenance"}}}});
    CHECK(post(gp, bundle).status == 422);
    bundle = transaction(first(2));
    resource_in(bundle, "CarePlan")["contained"].push_back(forged);
    CHECK(post(gp, bundle).status == 422);
    CHECK(gp.get("/CarePlan/" + uuid(2)).status == 404);
    CHECK(total(gp, "/Provenance") == 1);
}

TEST_CASE("The log holds no token, no name and no number") {
    Running running;
    auto gp = running.client();
    published(gp, 1);
    gp.get("/CarePlan?patient.identifier=" + nhs_number(1));
    gp.get("/CarePlan/" + nhs_number(1));
    const auto log = running.exchange.standard_error();
    CHECK(log.find("GET /fhir/CarePlan?patient.identifier 200 ") != std::string::npos);
    CHECK(log.find(nhs_number(1)) == std::string::npos);
    CHECK(log.find("eyJ") == std::string::npos);
    CHECK(log.find("Ashe") == std::string::npos);
    CHECK(log.find("Ester") == std::string::npos);
}
