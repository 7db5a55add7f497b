// Who reads or changes what a plan says has said first why, in a role that may have that reason.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;

namespace {

Publish by(Publish publish, const std::string& role, const std::string& subject) {
    publish.author = actor(role);
    publish.author.subject = subject;
    return publish;
}

json response_in(const Publish& publish, plan::RevisionStatus status) {
    auto bundle = transaction(publish);
    return plan::fhir::with_revision_status(resource_in(bundle, "QuestionnaireResponse"), status);
}

int put(HttpClient& client, const json& resource) {
    return client
        .send("PUT",
              "/" + resource["resourceType"].get<std::string>() + "/" + resource["id"].get<std::string>(),
              resource)
        .status;
}

bool gives(HttpClient& client, const std::string& words) {
    return client.get("/QuestionnaireResponse/" + uuid(1'000'001)).body.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("H9: a plan is read and changed by those alone who said why they open the record") {
    Running running;
    auto gp = running.client();
    const auto care_plan = published(gp, 1);
    auto other = running.stranger("gp", false, "other");
    const auto edit = transaction(by(next(care_plan, uuid(50), "Pain"), "gp", "other"));
    const auto tries = [&] {
        const auto reply = post(other, edit);
        if (reply.status == 403) CHECK(words(reply).find("Open the record again") != std::string::npos);
        return reply.status;
    };
    CHECK_FALSE(gives(other, "Short of breath"));
    CHECK(tries() == 403);
    // Nor is anything else written beside the plan, or of somebody without one.
    const auto suspension = plan::fhir::status_transaction(
        contingency_plan(), plan::fhir::read_plan(contingency_plan(), care_plan),
        {plan::PlanAct::suspend, by(first(1), "gp", "other").author, "2026-11-21T15:00:00Z", "2026-11-20",
         "Asked for", "2026-11-21"});
    CHECK(post(other, suspension).status == 403);
    CHECK(post(other, transaction(by(first(2), "gp", "other"))).status == 403);
    CHECK(put(other, response_in(by(next(care_plan, uuid(51), "Pain"), "gp", "other"),
                                 plan::RevisionStatus::submitted)) == 403);
    auto flag = gp.get("/Flag?patient.identifier=" + nhs_number(1)).json()["entry"][0]["resource"];
    flag["id"] = "another-flag";
    flag.erase("meta");
    CHECK(put(other, flag) == 403);
    // What nobody but its author sees is no change of a plan.
    CHECK(put(other, response_in(by(next(care_plan, uuid(52), "Pain"), "gp", "other"),
                                 plan::RevisionStatus::draft)) == 201);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == care_plan);

    // Another person's record, and an emergency, are no reason to change this one.
    opens(other, nhs_number(2), "other");
    CHECK(tries() == 403);
    opens(other, nhs_number(1), "other", "break-glass");
    CHECK(tries() == 403);
    // Said by a colleague, or in a role that cannot have this basis.
    opens(gp, nhs_number(1), "other");
    CHECK(tries() == 403);
    auto nurse = running.stranger("ae_clinician", false, "sister");
    opens(nurse, nhs_number(1), "sister", "registered");
    CHECK_FALSE(gives(nurse, "Short of breath"));

    opens(other, nhs_number(1), "other");
    CHECK(gives(other, "Short of breath"));
    CHECK(tries() == 200);
    CHECK(post(other, transaction(by(first(2), "gp", "other"))).status == 200);
}

TEST_CASE("H9: a relationship is believed for as long as the data set says, to read and to write") {
    const careplug::test::TemporaryFolder folder;
    const auto data_sets = folder / "exchange" / "datasets";
    std::filesystem::create_directories(data_sets);
    json questionnaire = json::parse(contingency_plan().questionnaire);
    questionnaire["extension"].push_back({{"url", "urn:x-local:careplug:relationship"},
                                          {"extension",
                                           {{{"url", "basis"}, {"valueCode", "registered"}},
                                            {{"url", "role"}, {"valueCode", "gp"}},
                                            {{"url", "seconds"}, {"valueInteger", 4}}}}});
    std::ofstream(data_sets / "plan.json") << questionnaire.dump();
    const careplug::test::TokenSigner signer("gp");
    signer.trust_in(folder / "exchange" / "trust");
    careplug::test::Exchange exchange(folder / "exchange");
    const auto person = [&](const std::string& subject) {
        HttpClient made(exchange.url());
        made.always = {{"Authorization", signer.bearer("gp", false, subject)}};
        return made;
    };
    auto author = person("test");
    opens(author, nhs_number(1));
    const auto care_plan = published(author, 1);
    auto other = person("other");
    opens(other, nhs_number(1), "other");
    CHECK(gives(other, "Short of breath"));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    while (gives(other, "Short of breath") && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK_FALSE(gives(other, "Short of breath"));
    CHECK(post(other, transaction(by(next(care_plan, uuid(50), "Pain"), "gp", "other"))).status == 403);
    opens(other, nhs_number(1), "other");
    CHECK(post(other, transaction(by(next(care_plan, uuid(50), "Pain"), "gp", "other"))).status == 200);
}
